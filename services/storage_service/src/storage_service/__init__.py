"""Clientes guardados como documentos JSON duraderos."""
