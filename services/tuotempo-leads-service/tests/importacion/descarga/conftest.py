"""Un servidor https de verdad, con su certificado, al que pedirle la hoja."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.servidor import sirviendo
from tests.vecino import Vecino
from tuotempo_leads.infraestructura.hojas.descarga import Descargador

NOMBRE = "hojas.ejemplo.org"


@pytest.fixture(scope="module")
def certificado(tmp_path_factory):
    """Certificado de `NOMBRE` firmado por él mismo; da los dos ficheros."""
    carpeta, llave = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    quien = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NOMBRE)])
    ahora = datetime.now(UTC)
    firmado = (
        x509.CertificateBuilder(quien, quien, llave.public_key(), x509.random_serial_number())
        .not_valid_before(ahora - timedelta(days=1))
        .not_valid_after(ahora + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NOMBRE)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(llave, hashes.SHA256())
    )
    (carpeta / "cert.pem").write_bytes(firmado.public_bytes(serialization.Encoding.PEM))
    formatos = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (carpeta / "llave.pem").write_bytes(llave.private_bytes(*formatos))
    return carpeta / "cert.pem", carpeta / "llave.pem"


@pytest.fixture
def servidor(certificado):
    """Servidor https de verdad en este equipo."""
    servidor, contexto = Vecino(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexto.load_cert_chain(*certificado)
    servidor.socket = contexto.wrap_socket(servidor.socket, server_side=True)
    with sirviendo(servidor):
        yield servidor


@pytest.fixture
def descargador(certificado):
    """Como el de verdad, pero el nombre se resuelve aquí y esta red se da por pública."""
    return Descargador(lambda *_: ["127.0.0.1"], lambda ip: ip == "127.0.0.1", str(certificado[0]))
