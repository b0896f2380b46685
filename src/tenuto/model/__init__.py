"""What everything is: the nouns all stages share; no input or output happens here."""
