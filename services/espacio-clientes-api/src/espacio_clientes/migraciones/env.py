from chasis.migraciones import ejecutar

ejecutar()
