// Package peticion da a cada petición su X-Request-ID y escribe en JSON los errores del propio gateway.
//
// Traefik no trae ninguna de las dos cosas. Lo interpreta él mismo al arrancar: no hay nada que compilar.
package peticion

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strings"
)

const cabecera = "X-Request-Id"

// Lo que el gateway contesta por su cuenta cuando el servicio no llega a contestar.
var textos = map[int]string{
	400: "Petición inválida",
	404: "Recurso no encontrado",
	405: "Método no permitido",
	413: "Cuerpo demasiado grande",
	429: "Demasiadas peticiones",
	502: "Servicio no disponible",
	503: "Servicio no disponible",
	504: "Servicio no disponible",
}

// Config: bajo qué clave escribe sus errores el servicio de esta ruta, y si la ruta está cerrada desde fuera.
type Config struct {
	Clave   string `json:"clave,omitempty"`
	Cerrada bool   `json:"cerrada,omitempty"`
}

// CreateConfig es el punto de entrada que busca Traefik.
func CreateConfig() *Config { return &Config{Clave: "error"} }

type peticion struct {
	siguiente http.Handler
	config    *Config
}

// New crea el middleware.
func New(_ context.Context, siguiente http.Handler, config *Config, _ string) (http.Handler, error) {
	return &peticion{siguiente: siguiente, config: config}, nil
}

func (p *peticion) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	id := req.Header.Get(cabecera)
	if !valido(id) {
		id = nuevo()
		req.Header.Set(cabecera, id)
	}
	salida := &respuesta{ResponseWriter: rw, clave: p.config.Clave, id: id}
	if p.config.Cerrada {
		salida.WriteHeader(http.StatusNotFound) // igual que lo que no existe
		return
	}
	p.siguiente.ServeHTTP(salida, req)
}

func valido(id string) bool {
	if len(id) == 0 || len(id) > 128 {
		return false
	}
	return strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}

func nuevo() string {
	azar := make([]byte, 16)
	_, _ = rand.Read(azar)
	return hex.EncodeToString(azar)
}

// respuesta cambia por JSON el texto plano de un error que no escribió el servicio.
type respuesta struct {
	http.ResponseWriter
	clave       string
	id          string
	empezada    bool
	descartando bool
}

func (r *respuesta) WriteHeader(estado int) {
	if r.empezada {
		return
	}
	r.Header().Set(cabecera, r.id) // uno solo: el servicio también manda el suyo, que es este mismo
	texto, propio := textos[estado]
	tipo := r.Header().Get("Content-Type")
	r.empezada = estado >= 200
	if !propio || !(tipo == "" || strings.HasPrefix(tipo, "text/plain")) {
		r.ResponseWriter.WriteHeader(estado)
		return
	}
	r.descartando = true
	r.Header().Set("Content-Type", "application/json")
	r.Header().Del("Content-Length")
	if estado >= 502 && r.Header().Get("Retry-After") == "" {
		r.Header().Set("Retry-After", "2")
	}
	r.ResponseWriter.WriteHeader(estado)
	_, _ = r.ResponseWriter.Write([]byte(`{"` + r.clave + `":"` + texto + `"}`))
}

func (r *respuesta) Write(datos []byte) (int, error) {
	if !r.empezada {
		r.WriteHeader(http.StatusOK)
	}
	if r.descartando {
		return len(datos), nil
	}
	return r.ResponseWriter.Write(datos)
}

// Flush deja pasar las respuestas por trozos.
func (r *respuesta) Flush() {
	if flusher, ok := r.ResponseWriter.(http.Flusher); ok {
		flusher.Flush()
	}
}
