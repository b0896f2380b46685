"""Reports: what a catalogue holds, as charts with their queries beside them, on one page that needs no network."""
