-- Ejemplo de la costura PL/SQL de espacio-clientes (DEUDAS_PLSQL=PKG_ESPACIO): así debe ser el paquete que ponga las
-- deudas en lugar de nuestras tablas. Cambia `ctas_clientes` y `ctas_deudas` por las de tu sistema central.
-- Las columnas de los cursores van en este orden: código, descripción, importe máximo, importe total, moneda,
-- vencimiento, observación y cuota; `busca_deuda` añade 'S' si sigue pendiente o 'N' si no.

CREATE OR REPLACE PACKAGE pkg_espacio AS
  no_admitido CONSTANT PLS_INTEGER := -20409;

  FUNCTION nombre_cliente(p_documento VARCHAR2) RETURN VARCHAR2;
  FUNCTION consulta_deuda(p_documento VARCHAR2, p_moneda NUMBER) RETURN SYS_REFCURSOR;
  FUNCTION busca_deuda(p_documento VARCHAR2, p_moneda NUMBER, p_movimiento VARCHAR2) RETURN SYS_REFCURSOR;
  -- Se llama en la transacción de cada cambio de un pago: INICIADO toma las deudas, APROBADO las salda y RECHAZADO o
  -- ANULADO las devuelve. `p_movimientos` son códigos separados por comas. No confirma: confirma quien llama.
  PROCEDURE cambia_estado(p_transaccion VARCHAR2, p_movimientos VARCHAR2, p_estado VARCHAR2);
END pkg_espacio;
/

CREATE OR REPLACE PACKAGE BODY pkg_espacio AS
  FUNCTION nombre_cliente(p_documento VARCHAR2) RETURN VARCHAR2 IS
    v_nombre ctas_clientes.nombre%TYPE;
  BEGIN
    SELECT nombre INTO v_nombre FROM ctas_clientes WHERE documento = p_documento;
    RETURN v_nombre;
  EXCEPTION
    WHEN NO_DATA_FOUND THEN RETURN NULL;
  END;

  FUNCTION consulta_deuda(p_documento VARCHAR2, p_moneda NUMBER) RETURN SYS_REFCURSOR IS
    v_deudas SYS_REFCURSOR;
  BEGIN
    OPEN v_deudas FOR
      SELECT movimiento, descripcion, impo_maxi, impo_tota, moneda, fech_venc, observacion, seq_di
        FROM ctas_deudas
       WHERE documento = p_documento AND moneda = p_moneda AND estado = 'PENDIENTE'
       ORDER BY fech_venc, movimiento;
    RETURN v_deudas;
  END;

  FUNCTION busca_deuda(p_documento VARCHAR2, p_moneda NUMBER, p_movimiento VARCHAR2) RETURN SYS_REFCURSOR IS
    v_deuda SYS_REFCURSOR;
  BEGIN
    OPEN v_deuda FOR
      SELECT movimiento, descripcion, impo_maxi, impo_tota, moneda, fech_venc, observacion, seq_di,
             CASE estado WHEN 'PENDIENTE' THEN 'S' ELSE 'N' END
        FROM ctas_deudas
       WHERE documento = p_documento AND moneda = p_moneda AND movimiento = p_movimiento;
    RETURN v_deuda;
  END;

  PROCEDURE cambia_estado(p_transaccion VARCHAR2, p_movimientos VARCHAR2, p_estado VARCHAR2) IS
    v_nuevo  ctas_deudas.estado%TYPE := CASE p_estado
      WHEN 'INICIADO' THEN 'EN_PROCESO' WHEN 'APROBADO' THEN 'PAGADA' ELSE 'PENDIENTE' END;
    v_cuantas PLS_INTEGER := REGEXP_COUNT(p_movimientos, '[^,]+');
  BEGIN
    UPDATE ctas_deudas
       SET estado = v_nuevo, transaccion = p_transaccion
     WHERE movimiento IN (SELECT REGEXP_SUBSTR(p_movimientos, '[^,]+', 1, LEVEL)
                            FROM dual CONNECT BY LEVEL <= v_cuantas)
       AND (p_estado <> 'INICIADO' OR estado = 'PENDIENTE');
    IF SQL%ROWCOUNT <> v_cuantas THEN
      RAISE_APPLICATION_ERROR(no_admitido, 'Alguna deuda ya no está pendiente');
    END IF;
  END;
END pkg_espacio;
/
