"""Claims, tried at random points, and the verdict on each."""
