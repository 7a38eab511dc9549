r"""The forms in which a credential tells itself in any text, whatever name it stands under: a table of patterns.

A row has a sign, a piece of text in lower case without which its pattern is not tried, and the pattern; the only group
is the secret part, so that host, user and database stay readable. A comment names the documentation that a row follows.
Every pattern runs in linear time on hostile text: each repetition is bounded, or can start at one point only.
"""

import re
from collections.abc import Iterator
from typing import Final

SecretSpan = tuple[int, int]
"""Start and end of a secret part of a text."""

SCHEMES: Final = (
    r"(?:bearer|basic|digest|negotiate|token|ntlm|hawk|hoba|mutual|oauth|apikey|api-key|dpop|vapid|scram-sha-\d{1,3}"
    r"|aws4-hmac-sha256|aws4-ecdsa-p256-sha256|sharedkey(?:lite)?|googlelogin|ssws|bot|key)"
)
"""Schemes of an Authorization header: IANA's registry, and those of AWS, Azure, Google, Okta and Discord."""

TO_SCHEME: Final = rf"[\"'\\]{{0,8}}[ \t]{{0,8}}[:=][ \t]{{0,8}}[\"'\\]{{0,8}}{SCHEMES}[ \t]{{1,8}}"
"""What stands between the header's name and the credential."""

_USER: Final = r"(?<![\w/:.@%+-])[\w.%+$#-]{1,64}"
_SCHEME: Final = r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,31}://"
_ARMOR: Final = r"(?!CERTIFICATE|TRUSTED CERTIFICATE|X509 CRL|[A-Z0-9 ]{0,32}PUBLIC KEY|(?:DH|EC) PARAMETERS)"
_NAMED: Final = r"[\w.:-]{0,128}?(?:passw(?:or)?d|pass|passphrase|pwd|secret|token|(?:api|private|access)[_-]?key)"
_WORD: Final = r"[^\s\"']{1,256}"

_BLOCKS: Final = (
    # RFC 7468, OpenSSH, PGP: everything but what is made to be published
    (
        "-----",
        (
            rf"(?s)(-----BEGIN {_ARMOR}[A-Z0-9 ]{{1,64}}-----(?:.*?-----END [A-Z0-9 ]{{1,64}}-----|.*)"
            rf"|\A(?:(?!-----BEGIN ).)*?-----END {_ARMOR}[A-Z0-9 ]{{1,64}}-----)"
        ),
    ),
    # RFC 4716, the private keys of ssh.com
    ("---- begin ssh2", r"(?s)(---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----(?:.*?---- END SSH2 \w.{0,32}----|.*))"),
    # PuTTY's .ppk
    ("private-lines:", r"(?s)Private-Lines: \d{1,3}\r?\n(.*?)(?=\r?\nPrivate-MAC:|\Z)"),
    # base64 of "-----BEGIN ", unless "CERT" or "PUBL" follows
    ("ls0tls1crudjti", r"(LS0tLS1CRUdJTi(?!BDRVJU|BQVUJM)[A-Za-z0-9+/=_-]{8,})"),
)

_URLS: Final = (
    # RFC 3986, userinfo: the password ends at the last @ before the path; one with an unescaped slash is recognized
    # because the text after the colon is no port
    ("://", rf"{_SCHEME}[^\s/:@\"]{{0,256}}:([^\s/\"]{{1,4096}}(?=@)|(?!\d{{1,5}}/)[^\s\"]{{1,256}}(?=@))"),
    # A token as the user: GitHub, GitLab, Sentry; NATS
    ("://", r"(?i)(?<![a-z0-9+.-])(?:(?:git\+)?https?|nats|tls)://([^\s/:@\"]{1,4096})@"),
    # Signed URLs: Azure SAS, AWS Signature V2 and V4, Google V4, CloudFront; assertions of SAML and RFC 7523
    (
        "=",
        (
            r"(?i)[?&;](?:sig|signature|x-(?:amz|goog)-(?:signature|credential)|hmac|jwt|assertion|samlresponse)"
            r"(?:=|%3d)([^\s&#\"'<>\\]{6,})"
        ),
    ),
    # Azure Functions' keys, OAuth's authorization codes
    ("code=", r"(?i)[?&;]code=([^\s&#\"'<>\\]{16,})"),
    # Incoming webhooks: who has the URL may post
    ("hooks.slack", r"(?i)hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/([A-Za-z0-9/_-]{8,})"),
    ("webhooks/", r"(?i)discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{1,24}/([\w-]{8,})"),
    (".office.com/", r"(?i)\.office\.com/webhook(?:b2)?/([^\s\"'<>]{8,})"),
    ("telegram.org/", r"(?i)api\.telegram\.org/bot(\d{4,16}:[\w-]{8,})"),
    ("hooks.zapier", r"(?i)hooks\.zapier\.com/hooks/catch/([\w/-]{4,})"),
    ("ifttt.com/", r"(?i)maker\.ifttt\.com/trigger/[\w-]{1,64}/(?:json/)?with/key/([\w-]{8,})"),
    ("pagerduty.com/", r"(?i)events\.pagerduty\.com/integration/([\w-]{8,})"),
    ("chat.googleapis", r"(?i)chat\.googleapis\.com/v1/spaces/[\w-]{1,64}/messages\?([^\s\"'<>]{8,})"),
)

_CONNECTIONS: Final = (
    # The DSN of go-sql-driver/mysql
    ("(", rf"{_USER}:([^\s\"]{{1,256}})@[a-z]\w{{0,31}}\([^()\s]{{1,256}}\)/"),
    ("@/", r"(?<!\S)[\w.%+-]{1,64}:([^\s\"@]{1,256})@/\w"),
    # Oracle JDBC "thin-style", Easy Connect and SQL*Plus
    (
        "jdbc:oracle",
        r"(?i)\bjdbc:oracle:(?:thin|oci\d?):[\w$#.-]{1,64}/(\"[^\"\s]{1,256}\"|[^\s\"]{1,256}?)(?=@[\w/(\[])",
    ),
    (
        "@",
        (
            rf"{_USER}/(\"[^\"\s]{{1,256}}\"|[^\s\"@/]{{1,256}})"
            r"(?=@(?://[\w\[]|\((?i:DESCRIPTION)|[\w.-]{1,253}:\d{2,5}[/:]\w))"
        ),
    ),
    (
        "sqlplus",
        r"(?i)\bsqlplus\b(?:[ \t]{1,8}-\w{1,16}){0,4}[ \t]{1,8}[\w$#.-]{1,64}/(\"[^\"\s]{1,256}\"|[^\s\"@]{1,256})",
    ),
    # PostgreSQL, "The Password File"
    (
        ":",
        r"(?m)(?:^|[=\"'\s])(?:[\w.*-]{1,253}|/[\w./-]{1,253}):(?:\d{2,5}|\*):[^\s:/]{1,64}:[^\s:/]{1,64}:(\S{1,256})$",
    ),
    # netrc
    ("login", r"\blogin[ \t\n]{1,8}\S{1,256}[ \t\n]{1,8}password[ \t\n]{1,8}(\S{1,256})"),
    # ldap.conf, redis.conf, sentinel.conf, haproxy.cfg, mosquitto.conf
    ("pw", r"(?im)^[ \t]{0,16}(?:bindpw|rootpw)[ \t]{1,16}(?!=)(\S{1,256})"),
    ("requirepass", r"(?i)\brequirepass[ \t]{1,16}(?!=)(\S{1,256})"),
    ("masterauth", r"(?i)\bmasterauth[ \t]{1,16}(?!=)(\S{1,256})"),
    ("remote_password", r"(?i)\bremote_password[ \t]{1,16}(?!=)(\S{1,256})"),
    ("auth-pass", r"(?i)\bauth-pass[ \t]{1,8}\S{1,128}[ \t]{1,8}(\S{1,256})"),
    ("user", r"(?im)^[ \t]{0,16}user[ \t]{1,8}\S{1,128}[ \t]{1,8}(?:insecure-)?password[ \t]{1,8}(\S{1,256})"),
    ("stats", r"(?im)^[ \t]{0,16}stats[ \t]{1,8}auth[ \t]{1,8}[^\s:]{1,128}:(\S{1,256})"),
    # Redis, "ACL rules"
    (" >", r"(?i)\b(?:user|setuser)[ \t]{1,8}\S{1,128}[ \t][^\n>]{0,128}>(\S{1,256})"),
    # Dockerfile, "ENV key value"
    ("env", rf"(?im)^[ \t]{{0,16}}ENV[ \t]{{1,8}}{_NAMED}[ \t]{{1,8}}(?!=)(\S{{1,256}})"),
    # SQL: PostgreSQL's and MySQL's ALTER USER
    (
        "'",
        (
            r"(?i)\b(?:identified[ \t]{1,8}(?:with[ \t]{1,8}\S{1,64}[ \t]{1,8})?(?:by|as)|password)[ \t]{1,8}"
            r"'((?:[^'\n]|''){1,256})'"
        ),
    ),
    # Erlang terms: RabbitMQ's advanced.config
    ("{", rf"(?i)\{{[ \t]{{0,8}}'?{_NAMED}'?[ \t]{{0,8}},[ \t]{{0,8}}(?:<<)?\"([^\"\n]{{1,256}})\""),
)

_MARKUP: Final = (
    # Maven's settings.xml, Hibernate's hibernate.cfg.xml: an element with a telling name
    ("</", rf"(?i)<{_NAMED}(?:[ \t][^<>]{{0,256}})?>([^<>]{{1,4096}})</"),
    ("</", rf"(?i)(?:name|key)[ \t]{{0,8}}=[ \t]{{0,8}}[\"']{_NAMED}[\"'][ \t]{{0,8}}>([^<>]{{1,4096}})</"),
    # .NET's web.config, persistence.xml, lists of variables in JSON and YAML: a name and a value side by side
    (
        "value",
        (
            rf"(?i)(?:name|key)[\"'\\]{{0,4}}[ \t]{{0,8}}[:=][ \t]{{0,8}}[\"'\\]{{0,4}}{_NAMED}[\"'\\]{{0,4}}"
            r"[,;\s]{1,64}[\"'\\]{0,4}value[\"'\\]{0,4}[ \t]{0,8}[:=][ \t]{0,8}[\"'\\]{0,4}"
            r"([^\s\"'<>\\][^\"'<>\n\\]{0,4096})"
        ),
    ),
    # WildFly, "credential-reference"
    ("clear-text", r"(?i)\bclear-text[ \t]{0,8}=[ \t]{0,8}[\"']([^\"'\n]{1,4096})"),
)

_COMMANDS: Final = (
    # curl and wget; mysql and mysqldump; redis-cli; sshpass; openssl; sqlcmd
    ("-u", rf"(?<![\w-])(?:-u|--user|--proxy-user)[ =]{{1,8}}[\"']?[^\s:\"']{{1,128}}:({_WORD})"),
    ("mysql", rf"\bmysql\w{{0,16}}\b[^\n|]{{0,256}}?[ \t]-p({_WORD})"),
    ("redis-cli", rf"\bredis-cli\b[^\n|]{{0,256}}?[ \t](?:-a|--pass)[ \t]{{1,8}}({_WORD})"),
    ("sshpass", rf"\bsshpass[ \t]{{1,8}}-p[ \t]{{0,8}}[\"']?({_WORD})"),
    ("pass:", rf"(?<![\w-])-pass(?:in|out)?[ \t]{{1,8}}[\"']?pass:({_WORD})"),
    ("sqlcmd", rf"\bsqlcmd\b[^\n|]{{0,256}}?[ \t]-P[ \t]{{0,8}}({_WORD})"),
)

_HEADERS: Final = (
    # RFC 9110, 6265
    ("authorization", rf"(?i)authorization{TO_SCHEME}([^\n\"']+)"),
    (
        "bearer",
        (
            r"(?i)\bbearer[ \t]{1,8}(?:token[ \t]{1,8})?"
            r"(?!(?:auth\w{0,16}|realm|token|error|scheme|is|was|not)(?![\w.~+/=-]))([\w.~+/=-]{4,})"
        ),
    ),
    ("basic", r"\b(?i:basic)[ \t]{1,8}(?=[a-z+/]{0,64}[A-Z0-9=])([A-Za-z0-9+/_-]{6,}={0,2})"),
    ("cookie", r"(?i)(?<![\w-])(?:set-)?cookie[\"']?[ \t]{0,8}:[ \t]{0,8}[\"']?(?!\s)([^\n\"']{1,4096})"),
    # Docker's config.json, npm's .npmrc
    ("auth", r"\"auth\"[ \t]{0,8}:[ \t]{0,8}\"([A-Za-z0-9+/=_-]{4,})\""),
    ("_auth", r"(?m)(?:^|:)_auth[ \t]{0,8}=[ \t]{0,8}\"?([^\s\"]{4,})"),
)

_TOKENS: Final = (
    # JSON Web Token, RFC 7519
    ("eyj", r"(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,3})"),
    # Providers whose tokens have a prefix: GitHub, "Supported secret scanning patterns"
    (
        "",
        (
            r"(?<![A-Za-z0-9_-])((?:gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|soat|ft|agent|oas)-|xox[abceoprs]-|xapp-"
            r"|[sr]k_(?:live|test)_|whsec_|npm_|pypi-|dckr_(?:pat|oat)_|hv[sbr]\.|ya29\.|GOCSPX-|hf_|sk-(?:ant-|proj-)?"
            r"|do[opr]_v1_|gl(?:sa|c)_|lin_api_|shp(?:at|ss|ca|pa)_|sq0(?:csp|atp)-|AT(?:A|C)TT3|AGE-SECRET-KEY-1|NRAK-"
            r"|PMAK-|sntry[su]_|rubygems_|tskey-|pul-|ops_eyJ|dapi(?=[0-9a-f]{32})|key-(?=[0-9a-f]{32})|rnd_|figd_|sbp_"
            r"|SG\.(?=[\w-]{16,}\.)|AIza(?=[\w-]{35}))[\w.=/+-]{12,})"
        ),
    ),
    ("", r"(?<![A-Za-z0-9_-])((?:AKIA|ASIA)[A-Z2-7]{16}|S[UAONCX][A-Z2-7]{56})(?![A-Za-z0-9])"),
    (":aa", r"(?<![A-Za-z0-9_-])(\d{8,10}:AA[A-Za-z0-9_-]{33})"),
    # Hashes of passwords: crypt(5), PHC strings, PostgreSQL's SCRAM
    (
        "$",
        r"(\$(?:2[abxy]?|apr1|1|5|6|7|y|gy|md5|sha1|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]{0,16})\$[^\s\"'<>;]{8,})",
    ),
    ("scram-sha-", r"(SCRAM-SHA-(?:1|256)\$\d{1,9}:[A-Za-z0-9+/=$:]{16,})"),
)

FORMS: Final = (*_BLOCKS, *_URLS, *_CONNECTIONS, *_MARKUP, *_COMMANDS, *_HEADERS, *_TOKENS)
"""Every sign with its pattern."""


def told_by_form(text: str) -> Iterator[SecretSpan]:
    """Yield the spans of the credentials that their form tells, in no particular order; they may overlap."""
    lower = text.lower()
    # `re` keeps what it compiled: only what a text has a sign of is compiled at all.
    tried = (re.compile(pattern) for sign, pattern in FORMS if sign in lower)
    return (match.span(1) for pattern in tried for match in pattern.finditer(text))
