"""What ties a login to the secure connection it is made on, so that nobody can pass it on over another one."""

from __future__ import annotations


def end_point_bindings(certificate: bytes) -> bytes | None:
    """The channel bindings `tls-server-end-point` of RFC 5929.

    Args:
        certificate: The server's, in DER form.

    Returns:
        None where the RFC defines none: for signatures without a hash of their own, such as Ed25519.
    """
    from cryptography import x509  # noqa: PLC0415 - comes with the extra, and is slow to load
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415

    try:
        algorithm = x509.load_der_x509_certificate(certificate).signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return None
    if algorithm is None:
        return None
    if isinstance(algorithm, hashes.MD5 | hashes.SHA1):
        algorithm = hashes.SHA256()
    digest = hashes.Hash(algorithm)
    digest.update(certificate)
    return b"tls-server-end-point:" + digest.finalize()
