module centralita/peticion

go 1.22
