"""SOAP 1.1 as WCF speaks it: read by, checked against and written from the bundled WSDL."""
