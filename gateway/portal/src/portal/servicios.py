"""Los servicios que enseña la portada. Añadir uno es añadir una fila a `SERVICIOS`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Prueba:
    """Una llamada de ejemplo que el navegador hace de verdad; `ruta` es la del servicio, sin prefijo."""

    titulo: str
    explicacion: str
    metodo: str
    ruta: str
    cuerpo: dict[str, str] | None = field(default=None, hash=False)


@dataclass(frozen=True)
class Servicio:
    """Un servicio de la plataforma; `variable` es la variable de entorno que dice dónde vive."""

    nombre: str
    titulo: str
    para_que: str
    prefijo: str
    variable: str
    direccion: str
    pruebas: tuple[Prueba, ...]
    interno_en_produccion: bool = False
    interno: bool = False

    def publicado(self, entorno: str) -> bool:
        """Si el gateway lo deja ver desde fuera."""
        return not (self.interno or (self.interno_en_produccion and entorno == "production"))


SERVICIOS: tuple[Servicio, ...] = (
    Servicio(
        nombre="canales",
        titulo="Canales",
        para_que="Apunta cada correo y cada llamada con un cliente. Consúltalos por cliente o por tipo.",
        prefijo="/canales",
        variable="CANALES_URL",
        direccion="http://127.0.0.1:5000",
        pruebas=(
            Prueba(
                titulo="Registrar un cliente",
                explicacion="Da de alta un cliente. Dos clientes pueden llamarse igual.",
                metodo="POST",
                ruta="/cliente",
                cuerpo={"nombre": "Lucía Ejemplo", "tipo_servicio": "Fibra 600 Mb"},
            ),
            Prueba(
                titulo="Ver los últimos clientes",
                explicacion="Los cinco más recientes, empezando por el último.",
                metodo="GET",
                ruta="/clientes?page=1&per_page=5&orden=-id",
            ),
        ),
    ),
    Servicio(
        nombre="clientes",
        titulo="Clientes",
        para_que="La ficha de cada cliente: su contacto y los servicios que ha contratado, con sus fechas.",
        prefijo="/clientes",
        variable="CLIENTES_URL",
        direccion="http://127.0.0.1:5002",
        pruebas=(
            Prueba(
                titulo="Abrir una ficha",
                explicacion="Si el nombre ya tiene ficha contesta 409: cámbialo y vuelve a enviar.",
                metodo="POST",
                ruta="/clientes",
                cuerpo={
                    "nombre": "Lucía Ejemplo",
                    "contacto": "lucia.ejemplo@example.com",
                    "servicio": "Paquete Premium TV",
                },
            ),
            Prueba(
                titulo="Saludar",
                explicacion="La llamada más sencilla: sirve para ver que el servicio responde.",
                metodo="GET",
                ruta="/saludo",
            ),
        ),
    ),
    Servicio(
        nombre="almacen",
        titulo="Almacén",
        para_que="Guarda la ficha de cada cliente como un documento JSON. Es el archivo del servicio Clientes.",
        prefijo="/almacen",
        variable="ALMACEN_URL",
        direccion="http://127.0.0.1:5001",
        pruebas=(
            Prueba(
                titulo="Listar los documentos",
                explicacion="Los nombres de los diez primeros documentos, por orden alfabético.",
                metodo="GET",
                ruta="/archivos?page=1&per_page=10",
            ),
        ),
        interno_en_produccion=True,
    ),
    Servicio(
        nombre="partners",
        titulo="Partners",
        para_que="Los socios comerciales: quiénes son, su verificación KYC y sus integraciones técnicas.",
        prefijo="/partners",
        variable="PARTNERS_URL",
        direccion="http://127.0.0.1:5003",
        pruebas=(
            Prueba(
                titulo="Crear un partner",
                explicacion="El email no puede repetirse: si ya existe contesta 409.",
                metodo="POST",
                ruta="/api/v1/partners",
                cuerpo={
                    "nombre": "Distribuciones Ejemplo",
                    "email": "contacto@distribuciones.example",
                    "telefono": "+57 300 123 4567",
                },
            ),
            Prueba(
                titulo="Ver los partners",
                explicacion="Los cinco primeros, con su estado y cuántas integraciones tiene cada uno.",
                metodo="GET",
                ruta="/api/v1/partners?page=1&per_page=5",
            ),
        ),
    ),
    Servicio(
        nombre="leads",
        titulo="Leads y citas",
        para_que="Los contactos del call center: el resultado de cada llamada, sus hojas y sus citas.",
        prefijo="/leads",
        variable="LEADS_URL",
        direccion="http://127.0.0.1:5004",
        pruebas=(
            Prueba(
                titulo="Anotar una llamada",
                explicacion="Si nadie tiene ese teléfono contesta 404: `make datos-demo` carga a quien sí.",
                metodo="POST",
                ruta="/api/actualizar_resultado",
                cuerpo={
                    "telefono": "600123456",
                    "status_level_1": "Volver a llamar",
                    "codigoVolverLlamar": "buzon",
                    "horaRellamada": "2025-07-06 12:00",
                },
            ),
            Prueba(
                titulo="Ver los centros de una provincia",
                explicacion="Los da TuoTempo; aquí se recuerdan un día.",
                metodo="GET",
                ruta="/api/centros?provincia=Orense",
            ),
        ),
    ),
    Servicio(
        nombre="simulado",
        titulo="TuoTempo simulado",
        para_que="Hace de proveedor de citas mientras se desarrolla y se prueba, con averías que se encienden.",
        prefijo="/simulado",
        variable="SIMULADO_URL",
        direccion="http://127.0.0.1:5010",
        pruebas=(),
        interno=True,
    ),
    Servicio(
        nombre="espacio",
        titulo="Espacio Clientes",
        para_que="Cada cliente ve lo que debe, lo junta en un carrito, lo paga una sola vez y puede anularlo.",
        prefijo="/espacio",
        variable="ESPACIO_URL",
        direccion="http://127.0.0.1:8000",
        pruebas=(
            Prueba(
                titulo="Ver si está en marcha",
                explicacion="Lo demás pide un token: `make datos-demo` crea los usuarios y dice sus contraseñas.",
                metodo="GET",
                ruta="/health",
            ),
        ),
    ),
)
