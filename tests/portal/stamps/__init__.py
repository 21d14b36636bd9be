"""Tests of stamps."""
