"""Importaciones en segundo plano, sus filas rechazadas y el historial de recargas y exportaciones."""

from __future__ import annotations

import sqlalchemy as sa

from tuotempo_leads.infraestructura.metadatos import metadatos
from tuotempo_leads.infraestructura.tipos import OPCIONES, Momento, TextoLargo, clave

importaciones = sa.Table(
    "importaciones",
    metadatos,
    sa.Column("id", clave(36), primary_key=True),
    # pendiente, leyendo, guardando, terminada, fallida o cancelada
    sa.Column("estado", sa.String(20), nullable=False),
    sa.Column("modo", sa.String(20), nullable=False),  # reemplazar, anadir o excluir
    # Columnas elegidas a mano: JSON con el campo de cada posición de la hoja (`""`, a ninguno).
    sa.Column("correspondencia", TextoLargo),
    sa.Column("lista", sa.String(20)),  # `excluir`: en qué lista, y por qué
    sa.Column("motivo", sa.Unicode(255)),
    sa.Column("simular", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("origen", sa.String(20), nullable=False),  # fichero, url o consola
    sa.Column("url", sa.String(2000)),
    sa.Column("archivo", sa.Unicode(255), nullable=False),
    sa.Column("ruta", sa.Unicode(1000)),  # dónde espera el fichero recibido hasta que se procesa
    sa.Column("sha256", clave(64)),
    sa.Column("octetos", sa.BigInteger),
    # Progreso de la fase en curso.
    sa.Column("procesadas", sa.Integer, nullable=False, server_default="0"),
    sa.Column("filas_por_segundo", sa.Float),
    # Los cinco recuentos suman `total`.
    sa.Column("total", sa.Integer),
    sa.Column("creadas", sa.Integer, nullable=False, server_default="0"),
    sa.Column("actualizadas", sa.Integer, nullable=False, server_default="0"),
    sa.Column("sin_cambios", sa.Integer, nullable=False, server_default="0"),
    sa.Column("omitidas", sa.Integer, nullable=False, server_default="0"),
    sa.Column("erroneas", sa.Integer, nullable=False, server_default="0"),
    sa.Column("eliminadas", sa.Integer, nullable=False, server_default="0"),  # `reemplazar`: ya no están
    sa.Column("avisos", sa.UnicodeText),  # JSON: cabeceras, y cuáles se entendieron y cuáles no
    sa.Column("error", sa.UnicodeText),
    sa.Column("usuario_id", sa.Integer, sa.ForeignKey("usuarios.id", ondelete="SET NULL")),
    sa.Column("creada_en", Momento, nullable=False),
    sa.Column("empezada_en", Momento),
    sa.Column("terminada_en", Momento),
    sa.Column("cancelar", sa.Boolean, nullable=False, server_default=sa.false()),
    # Quién la está haciendo y hasta cuándo se le cree vivo.
    sa.Column("trabajador", sa.String(100)),
    sa.Column("vence_turno", Momento),
    sa.Column("intentos", sa.Integer, nullable=False, server_default="0"),
    sa.Index("importaciones_por_estado", "estado", "creada_en"),
    **OPCIONES,
)

# Qué columnas eligió alguien para las hojas con unas mismas cabeceras: la próxima vez se proponen.
correspondencias = sa.Table(
    "correspondencias",
    metadatos,
    sa.Column("huella", clave(64), primary_key=True),  # SHA-256 de las cabeceras
    sa.Column("campos", TextoLargo, nullable=False),  # JSON, como `importaciones.correspondencia`
    sa.Column("usuario_id", sa.Integer, sa.ForeignKey("usuarios.id", ondelete="SET NULL")),
    sa.Column("guardada_en", Momento, nullable=False),
    **OPCIONES,
)

importaciones_erroneas = sa.Table(
    "importaciones_erroneas",
    metadatos,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "importacion_id", clave(36), sa.ForeignKey("importaciones.id", ondelete="CASCADE"), nullable=False
    ),
    sa.Column("fila", sa.Integer, nullable=False),  # número de fila en la hoja: la cabecera es la 1
    sa.Column("columna", sa.Unicode(255)),
    sa.Column("valor", sa.UnicodeText),
    sa.Column("motivo", sa.Unicode(500), nullable=False),
    sa.Column("resultado", sa.String(20), nullable=False),  # erronea u omitida
    sa.Column(
        "celdas", TextoLargo
    ),  # JSON de la fila entera, en su primer fallo: se devuelve para corregirla
    sa.Index("erroneas_por_importacion", "importacion_id", "fila"),
    **OPCIONES,
)

recargas = sa.Table(
    "recargas",
    metadatos,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("usuario_id", sa.Integer, sa.ForeignKey("usuarios.id", ondelete="SET NULL")),
    sa.Column("archivo", sa.Unicode(255)),
    sa.Column("registros_importados", sa.Integer, nullable=False, server_default="0"),
    sa.Column("resultado", sa.String(20), nullable=False),  # ok, error, cancelada o export
    sa.Column("mensaje", sa.UnicodeText),
    sa.Column("importacion_id", clave(36), sa.ForeignKey("importaciones.id", ondelete="SET NULL")),
    sa.Column("fecha", Momento, nullable=False),
    sa.Index("recargas_por_fecha", "fecha"),
    **OPCIONES,
)
