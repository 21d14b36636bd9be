"""What can be asked and done, a module per part of the portal. Rules and words are those of its pages."""
