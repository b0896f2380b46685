from tenuto.model.links import LinksConfig, LinkThresholds, no_probabilities


def test_thresholds_that_are_no_probabilities_are_named():
    """What is not set, or is above 0 and at most 1, is none of them."""
    links = LinksConfig(artist=LinkThresholds(accept=1.0, review=0.0), recording=LinkThresholds(accept=1.01))
    assert list(no_probabilities(links)) == [("links.artist.review", 0.0), ("links.recording.accept", 1.01)]
