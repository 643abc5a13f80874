"""Dialogs: what needs an answer before anything is done."""
