"""Partners: quiénes son, su verificación KYC y sus integraciones técnicas."""
