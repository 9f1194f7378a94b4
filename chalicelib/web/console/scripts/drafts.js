// Nothing typed is lost.
