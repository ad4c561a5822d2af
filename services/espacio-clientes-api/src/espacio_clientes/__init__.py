"""Espacio Clientes: deudas, carrito, pagos y anulaciones de los clientes."""
