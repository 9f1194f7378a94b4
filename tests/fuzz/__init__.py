"""`make fuzz`: whatever the description allows and forbids, sent to the running local system by everybody there is."""
