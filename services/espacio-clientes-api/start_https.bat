@echo off
rem Arranca la API con HTTPS. Antes: set CERTIFICADO=ruta.pem y set CLAVE=ruta.key
cd /d "%~dp0"
if "%CERTIFICADO%"=="" (echo Di donde esta el certificado: set CERTIFICADO=ruta.pem & exit /b 1)
if "%CLAVE%"=="" (echo Di donde esta su clave: set CLAVE=ruta.key & exit /b 1)
if "%HOST%"=="" set HOST=0.0.0.0
if "%PORT%"=="" set PORT=8000
uvicorn api.api:app --host %HOST% --port %PORT% --ssl-certfile "%CERTIFICADO%" --ssl-keyfile "%CLAVE%"
