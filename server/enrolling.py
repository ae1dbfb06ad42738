"""Making a browser one of a hall's devices: the technician's form, the same for every kind."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from server.web import database, device_token, enrol_device, office_or_404


def enrol(office: str, kind: str, *, title: str, refusal: str, back: str) -> Response:
    """Show the form, or keep the token that was entered in it.

    Args:
        office: slug of the hall that the device stands in.
        kind: the scope that its token must have.
        title: the form's, in the reader's language.
        refusal: what is said of a token of another kind or place, in the same.
        back: address of the device's own page, where it goes on.

    Raises:
        NotFound: there is no such office.
    """
    problem = None
    with database().read() as session:
        hall = office_or_404(session, office)
        if request.method == "POST":
            secret = request.form.get("token", "").strip()
            if device_token(session, secret, kind, hall) is not None:
                answer = Response(status=303, headers={"Location": back})
                enrol_device(answer, secret)
                return answer
            problem = refusal
        form = render_template(
            "device.html",
            title=title,
            kind=kind,
            office=hall.slug,
            names=hall.names,
            back=back,
            problem=problem,
        )
    return make_response(form, 422 if problem else 200)
