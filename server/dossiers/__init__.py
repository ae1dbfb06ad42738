"""Dossiers (*hồ sơ*): received, tracked, returned. Every change is a step and is journalled."""
