"""El estado de los servicios, que se refresca solo."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .conftest import CON_EVENTOS, NO_LISTO, pasar, tarjeta


def test_el_estado_se_refresca_solo(pagina, vecinos):
    pagina.goto("/")
    expect(tarjeta(pagina, "clientes")).to_contain_text("Operativo")
    expect(tarjeta(pagina, "clientes")).to_contain_text("hace 0 s")

    vecinos["clientes"].contestaciones["/health/ready"].estado = 503
    vecinos["clientes"].contestaciones["/health/ready"].cuerpo = NO_LISTO
    vecinos["almacen"].parar()
    pasar(pagina, 6)

    expect(tarjeta(pagina, "clientes")).to_contain_text("Con problemas")
    expect(tarjeta(pagina, "clientes")).to_contain_text("Falla: base de datos")
    expect(tarjeta(pagina, "almacen")).to_contain_text("Caído")
    expect(tarjeta(pagina, "almacen")).to_contain_text("No se puede conectar")
    expect(pagina.locator("#servicios .resumen")).to_have_text(
        f"{len(vecinos) - 2} de {len(vecinos)} servicios operativos"
    )
    expect(pagina.locator("#avisos")).to_have_text("Almacén: Caído")


def test_los_eventos_sin_entregar_se_ven_y_se_van(pagina, vecinos):
    pagina.goto("/")
    eventos = tarjeta(pagina, "canales").locator(".eventos")
    expect(tarjeta(pagina, "canales")).to_contain_text("hace 0 s")
    expect(eventos).to_be_hidden()

    antes = vecinos["canales"].contestaciones["/health/ready"].cuerpo
    vecinos["canales"].contestaciones["/health/ready"].cuerpo = CON_EVENTOS
    pasar(pagina, 6)
    expect(eventos).to_contain_text("3 eventos por publicar")
    expect(eventos).to_have_attribute("data-alerta", "")
    expect(tarjeta(pagina, "canales")).to_contain_text("Operativo")

    vecinos["canales"].contestaciones["/health/ready"].cuerpo = antes
    pasar(pagina, 6)
    expect(eventos).to_be_hidden()


def test_avisa_si_el_portal_no_contesta_y_se_recupera(pagina, gateway, quejas):
    pagina.goto("/")
    expect(tarjeta(pagina, "canales")).to_contain_text("hace 0 s")

    gateway.roto = True
    pasar(pagina, 12)
    expect(pagina.locator("#desfase")).to_contain_text("El portal no contesta: lo que ves es de hace 1")
    expect(pagina.locator("#avisos")).to_contain_text("El portal no contesta")

    gateway.roto = False
    pasar(pagina, 6)
    expect(pagina.locator("#desfase")).to_be_hidden()
    assert quejas
    assert all("502" in queja for queja in quejas)
    quejas.clear()


def test_no_pregunta_con_la_pestana_oculta_ni_en_pausa(pagina, vecinos):
    def rondas() -> int:
        return vecinos["canales"].veces("/health/ready")

    pagina.goto("/")
    expect(tarjeta(pagina, "canales")).to_contain_text("hace 0 s")
    ocultar(pagina, oculta=True)
    antes = rondas()
    pasar(pagina, 20)
    assert rondas() == antes

    ocultar(pagina, oculta=False)
    expect(tarjeta(pagina, "canales")).to_contain_text("hace 0 s")
    assert rondas() == antes + 1

    pagina.get_by_role("button", name="Pausar la actualización").click()
    pasar(pagina, 20)
    assert rondas() == antes + 1
    pagina.get_by_role("button", name="Reanudar la actualización").click()
    expect(tarjeta(pagina, "canales")).to_contain_text("hace 0 s")
    assert rondas() == antes + 2


def ocultar(pagina: Page, *, oculta: bool) -> None:
    pagina.evaluate(
        """oculta => {
            Object.defineProperty(document, "hidden", { value: oculta, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        oculta,
    )
