"""Una Centralita diminuta en la que todo está bien, para comprobar al comprobador: bases, almacén y diario."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.caos import bases
from tests.caos.diario import Diario
from tests.caos.estado import huella

_DE_EVENTOS = (
    "CREATE TABLE outbox (destino TEXT, tema TEXT, cuerpo BLOB)",
    "CREATE TABLE inbox (evento_id TEXT, manejador TEXT)",
    "CREATE TABLE inbox_espera (evento_id TEXT, muerta INT)",
)
_PROPIAS = {
    "canales": (
        "CREATE TABLE clientes (id INT, nombre TEXT, tipo_servicio TEXT)",
        "CREATE TABLE canales (tipo TEXT, contenido TEXT, cliente_id INT)",
        "CREATE TABLE referencias (origen TEXT, clave TEXT, cliente_id INT)",
    ),
    "almacen": ("CREATE TABLE intenciones (id INT, hecha INT DEFAULT 0)",),
    "clientes": (),
    "partners": (
        "CREATE TABLE partners (nombre TEXT, email TEXT, estado_kyc TEXT)",
        "CREATE TABLE integraciones (nombre TEXT, activa INT)",
    ),
    "leads": (
        "CREATE TABLE leads (id INT, telefono_norm TEXT)",
        "CREATE TABLE llamadas (id INT, lead_id INT, telefono_norm TEXT, razon_vuelta_a_llamar TEXT)",
        "CREATE TABLE citas (id, lead_id INT, telefono_norm, nombre, estado, resid, motivo, disponibilidad)",
    ),
    "espacio": (
        "CREATE TABLE deudas (codmovimiento TEXT, impo_tota INT)",
        "CREATE TABLE pagos (cod_transaccion TEXT, estado TEXT, total INT, comision INT, recibo INT)",
        "CREATE TABLE lineas_pago (cod_transaccion TEXT, codmovimiento TEXT, importe INT, comision INT, ocupa TEXT)",
        "CREATE TABLE movimientos_pago (numero INT, cod_transaccion TEXT, despues TEXT, importe INT)",
        "CREATE TABLE libro (asientos INT)",
    ),
}
HUECO = '{"resourceid": "9", "start_date": "01/01/2027", "startTime": "09:00"}'
_FILAS = {
    "canales": (
        "INSERT INTO clientes VALUES (1, 'Ana', 'soporte'), (2, 'Ficha', 'Fibra'), (3, 'Contacto', 'call center')",
        "INSERT INTO canales VALUES ('email', 'Ana email', 1), ('llamada', 'Llamada: sin estado', 3)",
        "INSERT INTO canales VALUES ('llamada', 'Cita confirmada 01/01/2027 09:00', 3)",
        "INSERT INTO canales VALUES ('email', 'Recibo R-1: pago P1 de 103. Movimientos: D1.', 4)",
        "INSERT INTO canales VALUES ('email', 'Recibo R-2: pago P2 de 51. Movimientos: D2.', 4)",
        "INSERT INTO canales VALUES ('email', 'Pago P2 anulado. Vuelven a estar pendientes: D2.', 4)",
        f"INSERT INTO referencias VALUES ('clientes', '{huella('Ficha')}', 2), ('clientes', '{huella('Luz')}', 5)",
    ),
    "partners": (
        "INSERT INTO partners VALUES ('Socia', 's@socios.example', 'APROBADO')",
        "INSERT INTO integraciones VALUES ('Socia 0', 1), ('Socia 1', 0)",
    ),
    "leads": (
        "INSERT INTO leads VALUES (7, '600000001'), (8, '600000002')",
        "INSERT INTO llamadas VALUES (1, 7, '600000001', 'Llamada 1')",
        f"INSERT INTO citas VALUES ('c1', 8, '600000002', 'Luz', 'confirmada', 'r1', NULL, '{HUECO}')",
    ),
    "espacio": (
        "INSERT INTO deudas VALUES ('D1', 100), ('D2', 50)",
        "INSERT INTO pagos VALUES ('P1', 'APROBADO', 103, 3, 1), ('P2', 'ANULADO', 51, 1, 2)",
        "INSERT INTO lineas_pago VALUES ('P1', 'D1', 100, 3, 'D1'), ('P2', 'D2', 50, 1, NULL)",
        "INSERT INTO movimientos_pago VALUES (1, 'P1', 'INICIADO', 0), (2, 'P1', 'APROBADO', 103)",
        "INSERT INTO movimientos_pago VALUES (3, 'P2', 'INICIADO', 0), (4, 'P2', 'APROBADO', 51)",
        "INSERT INTO movimientos_pago VALUES (5, 'P2', 'ANULADO', -51)",
        "INSERT INTO libro VALUES (5)",
    ),
}
_SERVICIOS = {"Ficha": ["Fibra", "Servicio 0"], "Luz": ["Cita dental"]}
FICHAS: dict[str, dict[str, Any]] = {
    nombre: {
        "nombre": nombre,
        "contacto": "1@ejemplo.com",
        "servicios": [{"descripcion": s} for s in servicios],
    }
    for nombre, servicios in _SERVICIOS.items()
}
_ALTA, _CITA = (
    {"canales": "registrar_cliente_guardado"},
    {"canales": "registrar_cita", "clientes": "contratar_cita"},
)
# servicio que lo publica, tema, tipo, datos, y quién lo aplica
_EVENTOS: tuple[tuple[str, str, str, dict[str, Any], dict[str, str]], ...] = (
    *(
        ("almacen", "clientes", "ClienteGuardado", {"nombre": n, "creado": True, "documento": d}, _ALTA)
        for n, d in FICHAS.items()
    ),
    ("leads", "leads", "ResultadoLlamadaActualizado", {"llamada_id": 1}, {"canales": "registrar_llamada"}),
    ("leads", "leads", "CitaConfirmada", {"cita_id": "c1"}, _CITA),
    ("espacio", "pagos", "PagoProcesado", {"cod_transaccion": "P1"}, {"canales": "anotar_pago"}),
    ("espacio", "pagos", "PagoProcesado", {"cod_transaccion": "P2"}, {"canales": "anotar_pago"}),
    ("espacio", "pagos", "PagoAnulado", {"cod_transaccion": "P2"}, {"canales": "anotar_anulacion"}),
)  # fmt: skip
_CONFIRMADO: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("clientes", "Ficha", "alta", {}),
    ("clientes", "Ficha", "servicio 0", {"servicio": "Servicio 0"}),
    ("clientes", "Ficha", "contacto", {"contacto": "1@ejemplo.com"}),
    ("clientes", "Borrada", "alta", {}),
    ("clientes", "Borrada", "borrado", {}),
    ("canales", "Ana", "cliente", {"nombre": "Ana", "tipo_servicio": "soporte"}),
    ("canales", "Ana", "email", {"tipo": "email", "contenido": "Ana email", "cliente_id": 1}),
    ("partners", "Socia", "alta", {"nombre": "Socia", "email": "s@socios.example"}),
    ("partners", "Socia", "kyc", {}),
    ("partners", "Socia", "integracion 0", {"nombre_integracion": "Socia 0"}),
    ("partners", "Socia", "integracion 1", {"nombre_integracion": "Socia 1"}),
    ("partners", "Socia", "revocada", {}),
    ("llamadas", "Llamada 1", "llamada", {"telefono": "600000001"}),
    ("citas", "Luz", "cita 0", {"telefono": "600000002", "hueco": ["9", "01/01/2027", "09:00"]}),
    ("espacio", "Cobro", "pago 0", {"cod": "P1", "deudas": ["D1"]}),
    ("espacio", "Otro", "pago 0", {"cod": "P2", "deudas": ["D2"]}),
    ("espacio", "Otro", "anulacion 0", {"cod": "P2"}),
)


def montar(carpeta: Path) -> None:
    """Deja en `carpeta` una Centralita en la que nada falta ni sobra, con el diario de lo que confirmó."""
    urls = bases.urls(carpeta, {})
    for servicio, url in urls.items():
        bases.ejecutar(url, *_DE_EVENTOS, *_PROPIAS[servicio], *_FILAS.get(servicio, ()))
        bases.poner_testigo(url)
    _repartir(urls)
    documentos = carpeta / "clientes"
    documentos.mkdir()
    for nombre, ficha in FICHAS.items():
        (documentos / f"{nombre}.json").write_text(json.dumps(ficha), "utf-8")
    diario = Diario(carpeta / "diario.jsonl", {flujo for flujo, *_ in _CONFIRMADO})
    for flujo, historia, hecho, datos in _CONFIRMADO:
        diario.anotar(flujo, hecho, 0.0, historia=historia, **datos)
    diario.cerrar()


def _repartir(urls: dict[str, str]) -> None:
    """Cada evento nace en su outbox, sale de ella y queda en el inbox de quien lo aplicó."""
    for numero, (servicio, tema, tipo, datos, aplican) in enumerate(_EVENTOS):
        sobre = {"id": f"e{numero}", "type": tipo, "tema": tema, "secuencia": numero, "data": datos}
        for quien, manejador in aplican.items():
            bases.insertar(
                urls[servicio],
                "outbox",
                [{"destino": quien, "tema": tema, "cuerpo": json.dumps(sobre).encode()}],
            )
            bases.insertar(urls[quien], "inbox", [{"evento_id": f"e{numero}", "manejador": manejador}])
        bases.ejecutar(urls[servicio], "DELETE FROM outbox")
