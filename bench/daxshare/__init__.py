"""What containers and virtual machines share of one image, measured."""
