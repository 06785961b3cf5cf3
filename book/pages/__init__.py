"""What the notebooks compute and show, a file each."""
