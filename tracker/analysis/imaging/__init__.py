"""Edema on MRI: which grades belong to an episode, the course of the edema behind the pain, and both read together."""
