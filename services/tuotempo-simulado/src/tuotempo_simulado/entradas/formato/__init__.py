"""El formato de TuoTempo: cada objeto con sus claves y sus tipos, tal como llegan del proveedor."""
