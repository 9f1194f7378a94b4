"""The resources of the contract: JSON, for programs and for the scripts of pages."""
