/* Mueve la hora de pared de los procesos que la cargan (LD_PRELOAD) los segundos que diga un fichero compartido.

   El reloj monótono no se toca. La libfaketime de Debian (0.9.10) hace fallar `time.sleep` de Python si no se falsea
   también el monótono, y falsearlo no es lo que pasa cuando se pone un reloj en hora. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile long *salto;
static int (*de_verdad)(clockid_t, struct timespec *);

__attribute__((constructor)) static void preparar(void) {
  de_verdad = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  const char *ruta = getenv("CAOS_HORA");
  int fichero = ruta ? open(ruta, O_RDONLY | O_CLOEXEC) : -1;
  if (fichero < 0) return;
  void *mapa = mmap(NULL, sizeof(long), PROT_READ, MAP_SHARED, fichero, 0);
  close(fichero);
  if (mapa != MAP_FAILED) salto = mapa;
}

int clock_gettime(clockid_t reloj, struct timespec *momento) {
  if (!de_verdad) preparar(); /* otra biblioteca puede preguntar la hora antes de que esta se prepare */
  int resultado = de_verdad(reloj, momento);
  if (!resultado && salto && (reloj == CLOCK_REALTIME || reloj == CLOCK_REALTIME_COARSE)) momento->tv_sec += *salto;
  return resultado;
}

int gettimeofday(struct timeval *restrict momento, void *restrict zona) {
  (void)zona;
  struct timespec ahora;
  int resultado = clock_gettime(CLOCK_REALTIME, &ahora);
  momento->tv_sec = ahora.tv_sec;
  momento->tv_usec = ahora.tv_nsec / 1000;
  return resultado;
}

time_t time(time_t *donde) {
  struct timespec ahora;
  clock_gettime(CLOCK_REALTIME, &ahora);
  if (donde) *donde = ahora.tv_sec;
  return ahora.tv_sec;
}
