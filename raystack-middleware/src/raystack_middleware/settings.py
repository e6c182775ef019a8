"""The settings of raystack-middleware. The names are Django's where Django has the setting."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from raystack import Section

from .csp import CSP, check_directives

WEEK = 7 * 24 * 60 * 60
YEAR = 365 * 24 * 60 * 60

# Nothing in them that would end the cookie's part of the header, or the header.
CookieName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
CookieAttribute = Annotated[str, StringConstraints(pattern=r"^[!-:<-~]+$")]

ReferrerPolicy = Literal[
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
]

DEFAULT_CSP: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}


class MiddlewareSettings(Section):
    """Cookies of sessions, and the headers that tell a browser what a page may do."""

    SESSION_COOKIE_NAME: CookieName = Field(
        "sessionid", description="The cookie's name; a secure one gets __Host- in front of it."
    )
    SESSION_COOKIE_AGE: int = Field(
        2 * WEEK, gt=0, description="Seconds after its last change until a session ends."
    )
    SESSION_ABSOLUTE_AGE: int = Field(
        12 * WEEK, gt=0, description="Seconds until a session ends, however much it is used."
    )
    SESSION_COOKIE_SECURE: bool | None = Field(
        None, description="Send the cookie over https only; by default that is unless DEBUG."
    )
    SESSION_COOKIE_SAMESITE: Literal["Lax", "Strict", "None"] = Field(
        "Lax", description="Whether the cookie comes along from other sites' pages."
    )
    SESSION_COOKIE_DOMAIN: CookieAttribute | None = Field(
        None, description="A domain whose subdomains share the session; none is the host alone."
    )
    SESSION_COOKIE_PATH: CookieAttribute = Field(
        "/", pattern="^/", description="The path below which the cookie is sent."
    )
    SECURE_CONTENT_TYPE_NOSNIFF: bool = Field(
        True, description="Send X-Content-Type-Options: nosniff."
    )
    X_FRAME_OPTIONS: Literal["DENY", "SAMEORIGIN"] | None = Field(
        "DENY", description="Who may show a page in a frame, for old browsers; see SECURE_CSP."
    )
    SECURE_REFERRER_POLICY: ReferrerPolicy | None = Field(
        "same-origin", description="What the browser tells other sites of where it comes from."
    )
    SECURE_CROSS_ORIGIN_OPENER_POLICY: (
        Literal["same-origin", "same-origin-allow-popups", "unsafe-none"] | None
    ) = Field("same-origin", description="Whether other sites' windows can reach into ours.")
    SECURE_HSTS_SECONDS: int = Field(
        YEAR,
        ge=0,
        description="Seconds for which browsers use https alone; sent over https, unless DEBUG.",
    )
    SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = Field(
        False, description="Whether that holds for the subdomains, too."
    )
    SECURE_HSTS_PRELOAD: bool = Field(
        False, description="Whether browsers may be shipped with it: hstspreload.org."
    )
    SECURE_CSP: dict[str, list[str]] = Field(
        DEFAULT_CSP, description="Content-Security-Policy: directives with sources; {} for none."
    )
    SECURE_CSP_REPORT_ONLY: dict[str, list[str]] = Field(
        {}, description="A policy whose violations are reported and not prevented."
    )

    @field_validator("SECURE_CSP", "SECURE_CSP_REPORT_ONLY")
    @classmethod
    def _well_formed(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        check_directives(value)
        return value
