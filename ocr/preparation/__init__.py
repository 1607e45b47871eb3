"""Small functions over pixels, each with what it measures and the gate that lets it act."""
