//! Badge pictures, certificates, QR codes and charts: data and fonts in, bytes out.
