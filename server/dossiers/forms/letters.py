"""The forms that tell a citizen what is missing, refused, late or stopped, always with a reason."""

from __future__ import annotations

from datetime import date

from server.dossiers.forms.circulars import Form
from server.dossiers.forms.heading import HEAD_OF_AGENCY, headed, whose
from server.dossiers.forms.paper import Field, Items, Part, Sheet, Signature, Words
from server.dossiers.forms.reading import Facts, Happened
from server.dossiers.forms.wording import day_words, moment_words


def supplement(facts: Facts, asked: Happened, form: Form, _today: date) -> Sheet:
    """Form 02: what is missing and why; once and in writing."""
    return headed(
        facts,
        form,
        asked.at,
        *whose("Hồ sơ của", facts),
        Field("Nội dung yêu cầu giải quyết", facts.procedure),
        Items(
            "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau",
            tuple(asked.data.get("missing", ())),
        ),
        Field("Lý do", asked.note, by_hand=True),
        Words(
            "Trong quá trình hoàn thiện hồ sơ, nếu có vướng mắc, Ông/Bà liên hệ với "
            f"{facts.unit} để được hướng dẫn./."
        ),
        signatures=(
            Signature("NGƯỜI NỘP HỒ SƠ"),
            Signature("NGƯỜI HƯỚNG DẪN", asked.by),
        ),
    )


def refusal(facts: Facts, refused: Happened, form: Form, _today: date) -> Sheet:
    """Form 03: why the dossier is not accepted."""
    return headed(
        facts,
        form,
        refused.at,
        *whose("Tiếp nhận hồ sơ của", facts),
        Field("Nội dung yêu cầu giải quyết", facts.procedure),
        Words(
            f"Qua xem xét, {facts.unit} thông báo không tiếp nhận, giải quyết hồ sơ này với lý do "
            "cụ thể như sau:"
        ),
        Field("Lý do", refused.data.get("reason", "")),
        Words("Xin thông báo cho Ông/Bà được biết và thực hiện./."),
        signatures=(
            Signature("NGƯỜI NỘP HỒ SƠ"),
            Signature("NGƯỜI TIẾP NHẬN HỒ SƠ", refused.by),
        ),
    )


def apology(facts: Facts, told: Happened, form: Form, _today: date) -> Sheet:
    """Form 04 of 2018: sorry, and the new date."""
    return _late(
        facts,
        told,
        form,
        "xin lỗi Ông/Bà/Tổ chức và hẹn lại thời gian trả kết quả như sau:",
        "Thời gian trả kết quả mới",
    )


def extension(facts: Facts, told: Happened, form: Form, _today: date) -> Sheet:
    """Form 04 of 2025: sorry, and until when more time is asked for."""
    return _late(
        facts,
        told,
        form,
        "xin lỗi Ông/Bà/Tổ chức và đề nghị gia hạn thời gian giải quyết hồ sơ như sau:",
        "Gia hạn đến",
    )


def stop(facts: Facts, stopped: Happened, form: Form, _today: date) -> Sheet:
    """Form 05 of 2025: the work stops, and why."""
    return headed(
        facts,
        form,
        stopped.at,
        *_accepted(facts),
        Words(
            f"{_sender(facts)} thông báo dừng giải quyết hồ sơ kể từ "
            f"{moment_words(stopped.at)} với lý do cụ thể như sau:"
        ),
        Field("Lý do", stopped.data.get("reason", "")),
        Words(
            "Khi lý do trên không còn, hồ sơ được tiếp tục giải quyết và Ông/Bà/Tổ chức được thông "
            "báo thời gian trả kết quả./."
        ),
        signatures=(HEAD_OF_AGENCY,),
        addressee=facts.applicant.name,
    )


def _late(facts: Facts, told: Happened, form: Form, sorry: str, label: str) -> Sheet:
    promised = moment_words(told.promised_at) if told.promised_at else ""
    before = _told_before(facts, told)
    return headed(
        facts,
        form,
        told.at,
        *_accepted(facts),
        Field("Thời gian hẹn trả kết quả", before),
        Words(
            f"Đến nay, {_sender(facts)} chưa trả kết quả giải quyết hồ sơ của Ông/Bà/Tổ chức đúng "
            "thời hạn đã hẹn."
        ),
        Field("Lý do", told.data.get("reason", "")),
        Words(f"Sự chậm trễ này đã gây phiền hà cho Ông/Bà/Tổ chức. {_sender(facts)} {sorry}"),
        Field(label, promised, strong=True),
        Words("Mong nhận được sự thông cảm của Ông/Bà/Tổ chức./."),
        signatures=(HEAD_OF_AGENCY,),
        addressee=facts.applicant.name,
    )


def _accepted(facts: Facts) -> tuple[Part, ...]:
    """When which dossier was accepted, as a letter says it."""
    day = day_words(facts.began_at.date())
    return (
        Words(
            f"{day[0].upper()}{day[1:]}, {_sender(facts)} tiếp nhận hồ sơ đề nghị giải quyết thủ "
            "tục của Ông/Bà/Tổ chức:"
        ),
        Field("Tên thủ tục", facts.procedure),
        Field("Địa chỉ", facts.applicant.address),
    )


def _told_before(facts: Facts, told: Happened) -> str:
    """The date that held until this apology: of an earlier one, or the due date."""
    before = facts.steps[: facts.steps.index(told)]
    promised = next((step.promised_at for step in reversed(before) if step.promised_at), None)
    return moment_words(promised) if promised else ""


def _sender(facts: Facts) -> str:
    return facts.agency or facts.unit
