"""The forms in which credentials are written, from the documentation of what reads them; and what only looks like one.

The secret is `SECRET` unless a form names its own. `host` is what must stay readable.
"""

from dataclasses import dataclass
from typing import Final

SECRET: Final = "Hu7nter2pwXq9"  # noqa: S105 -- what the forms hold
HOST: Final = "db.example.com"
LONG: Final = SECRET + "aZ3kLm8QwErTyUiOp5sDfGh"
"""36 characters, as many tokens have."""


@dataclass(frozen=True)
class Form:
    """A literal with a secret in it, under the name that the documentation uses, and that documentation."""

    source: str
    name: str
    value: str
    host: str = ""
    secret: str = SECRET

    @property
    def id(self) -> str:
        """What a test's name says of it."""
        return f"{self.name}: {self.source}"


def _at_host(source: str, name: str, value: str) -> Form:
    return Form(source, name, value, HOST)


URLS: Final = tuple(
    _at_host(source, name, value.replace("S!", SECRET))
    for source, name, value in (
        (
            "PostgreSQL, libpq connection URIs",
            "DATABASE_URL",
            "postgresql://shop:S!@db.example.com:5432/shop?sslmode=require",
        ),
        ("PostgreSQL, libpq with several hosts", "PG_URI", "postgres://shop:S!@db.example.com:5432,db-b:5433/shop"),
        (
            "PostgreSQL, libpq parameters in the URI",
            "PG_URI",
            "postgresql:///shop?host=db.example.com&user=shop&password=S!",
        ),
        ("SQLAlchemy, database URLs", "SQLALCHEMY_DATABASE_URI", "postgresql+psycopg2://shop:S!@db.example.com/shop"),
        ("SQLAlchemy, Oracle", "SQLALCHEMY_URL", "oracle+oracledb://shop:S!@db.example.com:1521?service_name=shop"),
        ("MySQL Connector/J, single-host URL", "JDBC_URL", "jdbc:mysql://shop:S!@db.example.com:3306/shop"),
        (
            "MySQL Connector/J, key-value form",
            "JDBC_URL",
            "jdbc:mysql://(host=db.example.com,port=3306,user=shop,password=S!)/shop",
        ),
        (
            "MySQL Connector/J, address-equals form",
            "JDBC_URL",
            "jdbc:mysql://address=(host=db.example.com)(port=3306)(user=shop)(password=S!)/shop",
        ),
        (
            "pgJDBC, connection parameters",
            "JDBC_URL",
            "jdbc:postgresql://db.example.com/shop?user=shop&password=S!&ssl=true",
        ),
        (
            "MariaDB Connector/J",
            "JDBC_URL",
            "jdbc:mariadb:replication://db.example.com,db-b/shop?user=shop&password=S!",
        ),
        (
            "SQL Server JDBC, URL properties",
            "JDBC_URL",
            "jdbc:sqlserver://db.example.com:1433;databaseName=shop;user=sa;password=S!;encrypt=true",
        ),
        (
            "SQL Server JDBC, braces",
            "JDBC_URL",
            "jdbc:sqlserver://db.example.com;user=sa;password={S!;x}};encrypt=true",
        ),
        ("Oracle JDBC, thin with service", "ORACLE_URL", "jdbc:oracle:thin:shop/S!@//db.example.com:1521/ORCL"),
        ("Oracle JDBC, thin with SID", "ORACLE_URL", "jdbc:oracle:thin:shop/S!@db.example.com:1521:ORCL"),
        (
            "Oracle JDBC, descriptor",
            "ORACLE_URL",
            "jdbc:oracle:thin:shop/S!@(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db.example.com)(PORT=1521)))",
        ),
        ("Oracle Net, Easy Connect", "ORA_CONNECT", "shop/S!@db.example.com:1521/orclpdb"),
        ("Oracle SQL*Plus, quoted", "ORA_CONNECT", 'shop/"S!"@//db.example.com/orclpdb'),
        ("IBM Db2 JDBC", "DB2_URL", "jdbc:db2://db.example.com:50000/shop:user=shop;password=S!;"),
        ("H2, database URL", "H2_URL", "jdbc:h2:tcp://db.example.com/~/shop;USER=sa;PASSWORD=S!"),
        ("Snowflake JDBC", "SNOWFLAKE_URL", "jdbc:snowflake://db.example.com/?user=shop&password=S!&db=shop"),
        (
            "Amazon Redshift JDBC, IAM",
            "REDSHIFT_URL",
            "jdbc:redshift:iam://db.example.com:5439/shop?AccessKeyID=x&SecretAccessKey=S!",
        ),
        ("R2DBC, connection URL", "SPRING_R2DBC_URL", "r2dbc:postgresql://shop:S!@db.example.com/shop"),
        ("SQL Server, Go driver", "MSSQL_URL", "sqlserver://sa:S!@db.example.com:1433?database=shop"),
        (
            "MongoDB, connection string",
            "MONGODB_URI",
            "mongodb://shop:S!@db.example.com:27017,db-b:27017/?authSource=admin",
        ),
        ("MongoDB, seed list", "MONGO_URL", "mongodb+srv://shop:S!@db.example.com/shop"),
        ("Redis, URI of clients", "REDIS_URL", "redis://:S!@db.example.com:6379/0"),
        ("Redis with TLS and user", "REDIS_TLS_URL", "rediss://shop:S!@db.example.com:6380"),
        (
            "Lettuce, Sentinel URI",
            "REDIS_URL",
            "redis-sentinel://S0!:S!@db.example.com:26379#mymaster".replace("S0!", "shop"),
        ),
        ("RabbitMQ, URI specification", "AMQP_URL", "amqps://shop:S!@db.example.com/vhost"),
        ("Celery, broker with SQS", "CELERY_BROKER_URL", "sqs://AKIDEXAMPLE:S!/x@db.example.com"),
        ("NATS, user and password", "NATS_URL", "nats://shop:S!@db.example.com:4222"),
        ("NATS, token", "NATS_URL", "nats://S!@db.example.com:4222"),
        ("ClickHouse, DSN", "CLICKHOUSE_DSN", "clickhouse://shop:S!@db.example.com:9000/shop"),
        (
            "ClickHouse Go v1, DSN",
            "CLICKHOUSE_DSN",
            "tcp://db.example.com:9000?username=shop&password=S!&database=shop",
        ),
        ("Neo4j, driver URI", "NEO4J_URI", "bolt://neo4j:S!@db.example.com:7687"),
        ("Elasticsearch, hosts", "ELASTICSEARCH_HOSTS", "https://elastic:S!@db.example.com:9200"),
        ("CouchDB", "COUCHDB_URL", "http://admin:S!@db.example.com:5984"),
        ("Symfony Mailer, DSN", "MAILER_DSN", "smtp://shop:S!@db.example.com:587"),
        ("curl, proxy variables", "HTTPS_PROXY", "http://proxy:S!@db.example.com:3128"),
        ("curl, SOCKS", "ALL_PROXY", "socks5h://proxy:S!@db.example.com:1080"),
        ("GitHub, HTTPS with a token", "GIT_REMOTE", "https://S!@db.example.com/shop.git"),
        ("pip, VCS with a token", "PIP_FIND", "git+https://S!@db.example.com/shop.git"),
        ("Sentry, DSN", "SENTRY_DSN", "https://S!@db.example.com/42"),
        ("MQTT, URI", "MQTT_URL", "mqtts://shop:S!@db.example.com:8883"),
        ("FTP, RFC 1738", "FEED_URL", "ftp://shop:S!@db.example.com/feed"),
        (
            "LDAP, OpenLDAP's x-bindpw extension",
            "LDAP_URL",
            "ldap://db.example.com/dc=x??sub??!bindname=cn=shop,x-bindpw=S!",
        ),
        ("ZooKeeper, Solr", "ZK_URL", "zk://shop:S!@db.example.com:2181/solr"),
        ("RTSP, RFC 7826", "CAMERA_URL", "rtsp://admin:S!@db.example.com/stream"),
        ("Akamai and others, token in a query", "FEED_URL", "https://db.example.com/feed?token=S!&x=1"),
        ("OAuth 2.0, RFC 6750, token in a query", "CALLBACK", "https://db.example.com/x?access_token=S!"),
        ("Azure Functions, key in a query", "FUNCTION_URL", "https://db.example.com/api/x?code=S!0123456789=="),
        ("Azure Storage, SAS", "BLOB_URL", "https://db.example.com/c?sv=2022-11-02&se=2027-01-01&sr=c&sp=rl&sig=S!%3D"),
        (
            "AWS, Signature Version 4 in a query",
            "PRESIGNED_URL",
            "https://db.example.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=60&X-Amz-Signature=S!",
        ),
        (
            "AWS, Signature Version 2 in a query",
            "PRESIGNED_URL",
            "https://db.example.com/k?AWSAccessKeyId=x&Expires=1&Signature=S!%3D",
        ),
        (
            "Google Cloud Storage, V4 signing",
            "SIGNED_URL",
            "https://db.example.com/o?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Signature=S!",
        ),
        ("CloudFront, signed URL", "CDN_URL", "https://db.example.com/o?Expires=1&Signature=S!__&Key-Pair-Id=K2JCJM"),
    )
)

PAIRS: Final = tuple(
    _at_host(source, name, value.replace("S!", SECRET))
    for source, name, value in (
        ("go-sql-driver/mysql, DSN", "DATABASE_DSN", "shop:S!@tcp(db.example.com:3306)/shop?parseTime=true"),
        ("go-sql-driver/mysql, a password with @ and /", "DATABASE_DSN", "shop:S!@/x@tcp(db.example.com:3306)/shop"),
        ("Cloud SQL Go connector", "DATABASE_DSN", "shop:S!@cloudsql(db.example.com:europe:shop)/shop"),
        (
            "PostgreSQL, keyword/value connection string",
            "DATABASE_DSN",
            "host=db.example.com user=shop password=S! dbname=shop",
        ),
        ("PostgreSQL, keyword/value, quoted", "DATABASE_DSN", "password='S! x' host=db.example.com"),
        (
            "ADO.NET, SqlClient",
            "ConnectionStrings__Shop",
            "Password=S!;Server=tcp:db.example.com,1433;User ID=sa;Encrypt=True",
        ),
        (
            "ADO.NET, a password with spaces",
            "ConnectionStrings__Shop",
            "User ID=sa;Password=S! a b;Server=db.example.com;",
        ),
        ("ADO.NET, a quoted password", "ConnectionStrings__Shop", 'User ID=sa;Pwd="a;S!";Server=db.example.com'),
        ("Npgsql", "ConnectionStrings__Pg", "Host=db.example.com;Username=shop;Password=S!;Database=shop"),
        (
            "ODBC, driver connection string",
            "ODBC_DSN",
            "Driver={ODBC Driver 18};UID=sa;PWD={a;S!};Server=db.example.com",
        ),
        (
            "StackExchange.Redis, configuration",
            "REDIS_CONFIGURATION",
            "password=S!,ssl=True,db.example.com:6380,abortConnect=False",
        ),
        (
            "Azure Storage, connection string",
            "STORAGE",
            "AccountName=shop;AccountKey=S!==;BlobEndpoint=https://db.example.com",
        ),
        (
            "Azure Service Bus",
            "SERVICEBUS",
            "SharedAccessKeyName=Root;SharedAccessKey=S!=;Endpoint=sb://db.example.com/",
        ),
        ("Azure Cosmos DB", "COSMOS", "AccountEndpoint=https://db.example.com:443/;AccountKey=S!==;"),
        ("Azure IoT Hub", "IOTHUB", "HostName=db.example.com;SharedAccessKeyName=x;SharedAccessKey=S!="),
        ("Azure SignalR", "SIGNALR", "Endpoint=https://db.example.com;AccessKey=S!=;Version=1.0;"),
        (
            "Azure Storage, SAS connection string",
            "STORAGE",
            "BlobEndpoint=https://db.example.com;SharedAccessSignature=sv=2022&sig=S!%3D",
        ),
        ("PostgreSQL, the password file", "LINE", "db.example.com:5432:shop:shop:S!"),
        ("GNU Inetutils, .netrc", "NETRC_TEXT", "machine db.example.com login shop password S!"),
        ("npm, .npmrc", "NPMRC", "//db.example.com/:_authToken=S!"),
        ("npm, .npmrc with a pair", "NPMRC", "//db.example.com/:_auth=S!=="),
        ("Docker, config.json", "DOCKER_CONFIG_JSON", '{"auths":{"db.example.com":{"auth":"S!=="}}}'),
        (
            "Spring Boot, SPRING_APPLICATION_JSON",
            "SPRING_APPLICATION_JSON",
            '{"spring":{"datasource":{"url":"jdbc:postgresql://db.example.com/x","password":"S!"}}}',
        ),
        ("Grails, JSON inside of JSON", "GRAILS_JSON", '{"a":"{\\"host\\":\\"db.example.com\\",\\"pwd\\":\\"S!\\"}"}'),
        ("HTML around JSON", "PAGE_STATE", "host db.example.com {&quot;password&quot;:&quot;S! x&quot;}"),
        ("A query inside of a query", "NEXT_URL", "https://db.example.com/?next=%2Fx%3Ftoken%3DS!%26a%3Db"),
        (
            "Kafka, sasl.jaas.config",
            "KAFKA_SASL_JAAS",
            (
                'org.apache.kafka.common.security.plain.PlainLoginModule required serviceName="db.example.com"'
                ' username="shop" password="S!";'
            ),
        ),
        ("Java, system properties", "JAVA_TOOL_OPTIONS", "-Ddb.host=db.example.com -Ddb.password=S! -Xmx1g"),
        ("Java, keytool's flags", "KEYTOOL_OPTS", "-host db.example.com -storepass S! -alias tls"),
        ("MySQL, option file", "MY_CNF", "[client]\nhost=db.example.com\npassword=S!\n"),
        ("YAML, a mapping", "APP_YAML", "db:\n  host: db.example.com\n  password: S!\n"),
        ("YAML, a literal block", "APP_YAML", "host: db.example.com\npassword: |\n  S!\n  second\n"),
        ("YAML, a folded block", "APP_YAML", "host: db.example.com\npassword: >-\n  S!\n"),
        (
            "YAML, a list of variables",
            "APP_YAML",
            "- name: DB_HOST\n  value: db.example.com\n- name: DB_PASSWORD\n  value: S!\n",
        ),
        (
            "Kubernetes, a list of variables in JSON",
            "APP_JSON",
            '[{"name":"DB_HOST","value":"db.example.com"},{"name":"DB_PASSWORD","value":"S!"}]',
        ),
        ("TOML", "APP_TOML", '[db]\nhost = "db.example.com"\npassword = "S!"\n'),
        ("HCL", "APP_HCL", 'host = "db.example.com"\n  api_key     = "S!"\n'),
        ("Ruby, a hash", "APP_RB", '{:host => "db.example.com", :password => "S!"}'),
        ("PHP, an array", "APP_PHP", "['host' => 'db.example.com', 'password' => 'S! x']"),
        ("Python, a dictionary", "APP_PY", "{'host': 'db.example.com', 'password': 'S! x'}"),
        (
            "Erlang, advanced.config",
            "RABBITMQ_ADVANCED",
            '[{rabbit,[{host,"db.example.com"},{default_pass,<<"S!">>}]}].',
        ),
        ("RabbitMQ, rabbitmq.conf", "RABBITMQ_CONF", "cluster_name = db.example.com\ndefault_pass = S!\n"),
        ("Maven, settings.xml", "MAVEN_SETTINGS", "<server><id>db.example.com</id><password>S! x</password></server>"),
        (
            ".NET, appSettings in web.config",
            "WEB_CONFIG",
            '<add key="Host" value="db.example.com"/><add key="ApiKey" value="S!"/>',
        ),
        (
            ".NET, connectionStrings in web.config",
            "WEB_CONFIG",
            '<add name="Db" connectionString="Server=db.example.com;Password=S!;Encrypt=true"/>',
        ),
        (
            "Jakarta Persistence, persistence.xml",
            "PERSISTENCE",
            '<!-- db.example.com --><property name="jakarta.persistence.jdbc.password" value="S!"/>',
        ),
        (
            "Hibernate, hibernate.cfg.xml",
            "HIBERNATE",
            '<!-- db.example.com --><property name="hibernate.connection.password">S!</property>',
        ),
        (
            "Tomcat, a Resource",
            "TOMCAT",
            '<Resource url="jdbc:mysql://db.example.com/x" username="shop" password="S! x"/>',
        ),
        (
            "WildFly, credential-reference",
            "WILDFLY",
            '<c host="db.example.com"><credential-reference clear-text="S!"/></c>',
        ),
        ("SSSD", "SSSD_CONF", "ldap_uri = ldap://db.example.com\nldap_default_authtok = S!\n"),
        ("OpenLDAP, ldap.conf of nss-pam-ldapd", "LDAP_CONF", "uri ldap://db.example.com\nbindpw S!\n"),
        ("Redis, redis.conf", "REDIS_CONF", "bind db.example.com\nrequirepass S!\n"),
        ("Redis, replication", "REDIS_CONF", "replicaof db.example.com 6379\nmasterauth S!\n"),
        (
            "Redis, sentinel.conf",
            "SENTINEL_CONF",
            "sentinel monitor m db.example.com 6379 2\nsentinel auth-pass m S!\n",
        ),
        ("Redis, ACL rules", "REDIS_ACL", "bind db.example.com\nuser shop on ~* +@all >S!\n"),
        ("HAProxy, stats auth", "HAPROXY_CFG", "server a db.example.com\n  stats auth admin:S!\n"),
        ("HAProxy, userlist", "HAPROXY_CFG", "server a db.example.com\n  user shop insecure-password S!\n"),
        ("Mosquitto, bridge", "MOSQUITTO_CONF", "address db.example.com\nremote_password S!\n"),
        ("Docker, Dockerfile ENV", "DOCKERFILE", "ENV HOST db.example.com\nENV DB_PASSWORD S!\n"),
        ("PostgreSQL, CREATE ROLE", "INIT_SQL", "-- db.example.com\nCREATE ROLE shop LOGIN PASSWORD 'S!';"),
        ("MySQL, CREATE USER", "INIT_SQL", "CREATE USER 'shop'@'db.example.com' IDENTIFIED BY 'S!';"),
        (
            "MySQL, CREATE USER with a plugin",
            "INIT_SQL",
            "CREATE USER 'shop'@'db.example.com' IDENTIFIED WITH caching_sha2_password BY 'S!';",
        ),
        ("curl, --user", "HOOK_COMMAND", "curl -u shop:S! https://db.example.com/"),
        ("mysql, -p", "DUMP_COMMAND", "mysqldump -h db.example.com -u shop -pS! shop"),
        ("redis-cli, -a", "PING_COMMAND", "redis-cli -h db.example.com -a S! ping"),
        ("sshpass, -p", "COPY_COMMAND", "sshpass -p S! scp x shop@db.example.com:"),
        (
            "OpenSSL, pass phrase arguments",
            "SIGN_COMMAND",
            "openssl s_client -connect db.example.com:443 -passin pass:S!",
        ),
        ("sqlcmd, -P", "QUERY_COMMAND", "sqlcmd -S db.example.com -U sa -P S! -Q x"),
        ("SQL*Plus, logon", "QUERY_COMMAND", "sqlplus -s shop/S!@db.example.com"),
        ("PowerShell", "INIT_PS1", '$env:DB_HOST="db.example.com"; $env:DB_PASSWORD="S!"'),
        ("Shell, export", "INIT_SH", "export DB_HOST=db.example.com\nexport PGPASSWORD='S! x'\n"),
        ("HTTP, Authorization with Basic", "EXTRA_HEADER", "Host: db.example.com\nAuthorization: Basic S!=="),
        ("HTTP, Proxy-Authorization", "EXTRA_HEADER", "Host: db.example.com\nProxy-Authorization: Bearer S!"),
        (
            "AWS, Signature Version 4 header",
            "EXTRA_HEADER",
            "Host: db.example.com\nAuthorization: AWS4-HMAC-SHA256 Credential=x/y, SignedHeaders=host, Signature=S!",
        ),
        ("HTTP, X-Api-Key", "EXTRA_HEADER", "Host: db.example.com\nX-Api-Key: S!"),
        ("Vault, X-Vault-Token", "EXTRA_HEADER", "Host: db.example.com\nX-Vault-Token: S!"),
        ("HTTP, Cookie, RFC 6265", "EXTRA_HEADER", "Host: db.example.com\nCookie: theme=dark; session=S!"),
        ("OTLP exporter, headers", "OTEL_EXPORTER_OTLP_HEADERS", "host=db.example.com,api-key=S!"),
        (
            "OAuth 2.0, RFC 6749, token request",
            "REQUEST_BODY",
            "aud=db.example.com&grant_type=client_credentials&client_id=x&client_secret=S!",
        ),
        (
            "gcloud, a service account's key",
            "SERVICE_ACCOUNT_JSON",
            (
                '{"token_uri":"https://db.example.com",'
                '"private_key":"-----BEGIN PRIVATE KEY-----\\nS!\\n-----END PRIVATE KEY-----\\n"}'
            ),
        ),
        ("Kubernetes, kubeconfig", "KUBECONFIG_YAML", "server: https://db.example.com\n  client-key-data: S!\n"),
        ("WireGuard, wg0.conf", "WG_CONF", "Endpoint = db.example.com:51820\nPrivateKey = S!=\n"),
    )
)

WHOLE: Final = tuple(
    Form(source, name, value.replace("L!", LONG).replace("S!", SECRET))
    for source, name, value in (
        ("12factor, a password", "DB_PASSWORD", "S!"),
        ("PostgreSQL, environment variables", "PGPASSWORD", "S!"),
        ("MySQL, environment variables", "MYSQL_PWD", "S!"),
        ("MySQL's image", "MYSQL_ROOT_PASSWORD", "S!"),
        ("Short names", "DB_PW", "S!"),
        ("Short names", "ADMIN_PASS", "S!"),
        ("Spring Boot, relaxed binding", "SPRING_DATASOURCE_PASSWORD", "S!"),
        ("Spring Boot, properties", "spring.datasource.hikari.password", "S!"),
        ("camelCase", "dataSourcePassword", "S!"),
        ("Keycloak", "KC_BOOTSTRAP_ADMIN_PASSWORD", "S!"),
        ("OIDC, client secret", "OIDC_CLIENT_SECRET", "S!"),
        ("Django", "SECRET_KEY", "S!"),
        ("Rails", "SECRET_KEY_BASE", "S!"),
        ("Rails", "RAILS_MASTER_KEY", "S!"),
        ("Laravel", "APP_KEY", "base64:S!="),
        ("AWS", "AWS_SECRET_ACCESS_KEY", "S!/x"),
        ("AWS", "AWS_SESSION_TOKEN", "S!"),
        ("Vault, AppRole", "VAULT_SECRET_ID", "S!"),
        ("Datadog", "DD_API_KEY", "S!"),
        ("Twilio", "TWILIO_AUTH_TOKEN", "S!"),
        ("Java keystores", "SSL_KEYSTORE_PASSWORD", "S!"),
        ("Kafka", "ssl.truststore.password", "S!"),
        ("A passphrase", "GPG_PASSPHRASE", "S! x y"),
        ("A salt", "HASHIDS_SALT", "S!"),
        ("A license", "LICENSE_KEY", "S!"),
        ("A password's hash", "ADMIN_PASSWORD_HASH", "S!"),
        ("A second one", "SIGNING_SECRET_2", "S!"),
        ("Neo4j's image", "NEO4J_AUTH", "neo4j/S!"),
        ("Traefik and others", "BASIC_AUTH", "shop:S!"),
        ("GitHub", "CI_CONFIG", "use ghp_L!"),
        ("GitHub, fine-grained", "CI_CONFIG", "use github_pat_L!"),
        ("GitLab", "CI_CONFIG", "use glpat-L!"),
        ("Slack, bot", "CHAT", "xoxb-L!"),
        ("Slack, incoming webhook", "CHAT_HOOK", "https://hooks.slack.com/services/T000/B000/S!"),
        ("Discord, webhook", "CHAT_HOOK", "https://discord.com/api/webhooks/1234/S!"),
        ("Microsoft Teams, webhook", "CHAT_HOOK", "https://x.webhook.office.com/webhookb2/S!@x/IncomingWebhook/y"),
        ("Google Chat, webhook", "CHAT_HOOK", "https://chat.googleapis.com/v1/spaces/A/messages?key=x&token=S!"),
        ("Telegram, bot API", "CHAT_HOOK", "https://api.telegram.org/bot123456:S!/sendMessage"),
        ("Zapier, catch hook", "HOOK", "https://hooks.zapier.com/hooks/catch/12/S!/"),
        ("PagerDuty, integration", "HOOK", "https://events.pagerduty.com/integration/S!/enqueue"),
        ("IFTTT, webhook", "HOOK", "https://maker.ifttt.com/trigger/x/with/key/S!"),
        ("Stripe", "PAYMENTS", "sk_live_L!"),
        ("Stripe, webhook signing", "PAYMENTS", "whsec_L!"),
        ("SendGrid", "MAIL", "SG.L!.L!"),
        ("npm", "REGISTRY_LOGIN", "npm_L!"),
        ("PyPI", "REGISTRY_LOGIN", "pypi-L!"),
        ("Docker Hub", "REGISTRY_LOGIN", "dckr_pat_L!"),
        ("Vault, service token", "STORE_LOGIN", "hvs.L!"),
        ("Google, OAuth access token", "GCP", "ya29.L!"),
        ("Google, API key", "MAPS", "AIza" + SECRET + "aZ3kLm8QwErTyUiOp5sDfG"),
        ("Hugging Face", "MODEL_HUB", "hf_L!"),
        ("OpenAI", "MODEL", "sk-proj-L!"),
        ("Anthropic", "MODEL", "sk-ant-L!"),
        ("DigitalOcean", "CLOUD", "dop_v1_L!"),
        ("Grafana, service account", "GRAFANA", "glsa_L!"),
        ("Shopify", "STOREFRONT", "shpat_L!"),
        ("Atlassian", "JIRA", "ATATT3L!"),
        ("New Relic, user key", "APM", "NRAK-L!"),
        ("Tailscale", "MESH", "tskey-auth-L!"),
        ("JSON Web Token, RFC 7519", "SESSION", "eyJhbGciOiJI.S!.c2ln"),
        ("RFC 7468, a private key", "TLS", "-----BEGIN RSA PRIVATE KEY-----\nS!\n-----END RSA PRIVATE KEY-----\n"),
        (
            "OpenSSH, a private key",
            "SSH",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nS!\n-----END OPENSSH PRIVATE KEY-----\n",
        ),
        (
            "OpenPGP, RFC 9580",
            "PGP",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nS!\n-----END PGP PRIVATE KEY BLOCK-----\n",
        ),
        ("A private key on one line", "TLS", "-----BEGIN PRIVATE KEY-----\\nS!\\n-----END PRIVATE KEY-----"),
        ("A private key that was cut", "TLS", "-----BEGIN PRIVATE KEY-----\nS!"),
        (
            "SSH2, RFC 4716",
            "SSH",
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nS!\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
        ),
        ("PuTTY, .ppk", "SSH", "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\nS!\nPrivate-MAC: 00"),
        ("A private key in base64", "TLS", "LS0tLS1CRUdJTiBQUklWS!"),
        (
            "NATS, credentials file",
            "NATS_CREDS",
            "-----BEGIN USER NKEY SEED-----\nS!\n------END USER NKEY SEED------\n",
        ),
        ("Apache htpasswd, bcrypt", "HTPASSWD_LINE", "shop:$2y$05$S!"),
        ("crypt(5), SHA-512", "USER_LINE", "shop:$6$salt$S!"),
        ("PHC string, argon2", "VERIFIER", "$argon2id$v=19$m=65536,t=3,p=4$salt$S!"),
        ("PostgreSQL, SCRAM verifier", "VERIFIER", "SCRAM-SHA-256$4096:S!==$S!=:S!="),
    )
)

OTHERS: Final = (
    Form("AWS, access key id", "CLOUD", "AKIA" + "Q3EGRIZC7XMWBJNT", secret="Q3EGRIZC7XMWBJNT"),  # noqa: S106 -- made up
    Form("NATS, nkey seed", "MESH", "SUA" + "B3IGZ5" * 9 + "Q", secret="B3IGZ5B3IGZ5"),  # noqa: S106 -- made up
)

FORMS: Final = (*URLS, *PAIRS, *WHOLE, *OTHERS)
"""Every form that no output may show."""

HARMLESS: Final = (
    ("TOKEN_URL", "https://sso.example.com/realms/shop/protocol/openid-connect/token"),
    ("OIDC_TOKEN_ENDPOINT", "https://sso.example.com/token"),
    ("QUARKUS_OIDC_TOKEN_ISSUER", "https://sso.example.com/realms/shop-prod"),
    ("SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI", "https://sso.example.com/realms/shop"),
    ("JWT_PUBLIC_KEY_URL", "https://sso.example.com/certs"),
    ("JWKS_URI", "https://sso.example.com/.well-known/jwks.json"),
    ("PASSWORD_RESET_URL", "https://shop.example.com/reset"),
    ("OAUTH_AUTHORIZATION_URI", "https://sso.example.com/auth"),
    ("VAULT_ADDR", "https://vault.example.com:8200"),
    ("KEYCLOAK_URL", "https://sso.example.com/realms/shop"),
    ("KEYCLOAK_REALM", "shop"),
    ("KEYCLOAK_ADMIN_PASSWORD_FILE", "/run/secrets/kc"),
    ("POSTGRES_PASSWORD_FILE", "/run/secrets/postgres-passwd"),
    ("PGPASSFILE", "/etc/pgpass"),
    ("PGSSLKEY_PATH", "/etc/tls/tls.key"),
    ("SSH_KEY_PATH", "/home/shop/.ssh/id_ed25519"),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"),
    ("AWS_SHARED_CREDENTIALS_FILE", "/etc/aws/credentials"),
    ("SECRETS_DIR", "/run/secrets"),
    ("SSL_KEYSTORE_LOCATION", "/etc/ssl/keystore.p12"),
    ("SSL_KEYSTORE_TYPE", "PKCS12"),
    ("JWT_KEY_ALGORITHM", "RS256"),
    ("PASSWORD_ENCODER", "bcrypt"),
    ("PASSWORD_POLICY", "length(12) and digits(1)"),
    ("PASSWORD_MIN_LENGTH", "12"),
    ("TOKEN_TTL", "300s"),
    ("ACCESS_TOKEN_LIFETIME", "15m"),
    ("REFRESH_TOKEN_EXPIRATION", "86400"),
    ("TOKEN_LEEWAY_SECONDS", "30"),
    ("KEY_ROTATION_DAYS", "30"),
    ("SECRET_NAME", "shop-db-b"),
    ("TLS_SECRET_NAME", "shop-tls"),
    ("CSRF_TOKEN_HEADER", "X-Csrf-Token"),
    ("API_KEY_HEADER", "X-Api-Key"),
    ("TOKEN_AUDIENCE", "shop"),
    ("TOKEN_TYPE", "Bearer"),
    ("TOKEN_ENABLED", "true"),
    ("SECRETS_BACKEND", "vault"),
    ("SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf"),
    ("DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf"),
    ("DB_PASSWORD", "vault:secret/data/shop#password"),
    ("DB_PASSWORD", "op://shop/db/password"),
    ("DB_PASSWORD", "projects/shop/secrets/db/versions/latest"),
    ("DB_PASSWORD", "$(OTHER_PASSWORD)"),
    ("DB_PASSWORD", "${OTHER_PASSWORD}"),
    ("DATABASE_URL", "postgres://shop:$(DB_PASSWORD)@db-b.example.com:5432/shop"),
    ("DATABASE_DSN", "host=db.example.com user=shop password=$(DB_PASSWORD) dbname=shop"),
    ("JDBC_URL", "jdbc:postgresql://db/shop?user=shop&password=${DB_PASSWORD}"),
    ("DATABASE_DSN", "shop:$(DB_PASSWORD)@tcp(db.example.com:3306)/shop"),
    ("AMQP_URL", "amqp://$(USER):$(PASSWORD)@mq.example.com/"),
    ("PG_URI", "postgres://shop@db.example.com/shop?sslmode=verify-full&sslkey_path=/etc/tls/tls.key"),
    ("KEY_PREFIX", "shop:"),
    ("REDIS_KEY_PREFIX", "shop:cache:"),
    ("SORT_KEY", "name"),
    ("PARTITION_KEY", "customer_id"),
    ("ROUTING_KEY", "orders.created"),
    ("MESSAGE_KEY_FIELD", "order_id"),
    ("S3_OBJECT_KEY", "backups/shop.sql.gz"),
    ("JWT_KEY_ID", "2026-01"),
    ("JWT_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"),
    ("CA_CERT", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
    ("SSH_AUTHORIZED_KEYS", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGx shop@example.com"),
    ("CASSANDRA_KEYSPACE", "shop"),
    ("KEYBOARD_LAYOUT", "us"),
    ("SEARCH_KEYWORDS", "red,green"),
    ("SPRING_KAFKA_PRODUCER_KEY_SERIALIZER", "org.apache.kafka.common.serialization.StringSerializer"),
    ("MAX_TOKENS", "4096"),
    ("TOKENIZER", "standard"),
    ("BYPASS_CACHE", "true"),
    ("COMPASS_HEADING", "north"),
    ("MAX_PASSENGERS", "4"),
    ("FTP_PASSIVE_PORTS", "2000-2010"),
    ("SSL_PASSTHROUGH", "false"),
    ("MONKEY_PATCH", "gevent"),
    ("HOTKEYS_ENABLED", "true"),
    ("SECRETARY_EMAIL", "office@example.com"),
    ("AUTHOR", "shop"),
    ("OAUTH2_GRANT_TYPE", "authorization_code"),
    ("OIDC_CLIENT_ID", "shop-web"),
    (
        "IMAGE",
        "registry.example.com/library/nginx@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ),
    ("CRON", "0 3 * * *"),
    ("START", "2026-11-28T18:00:00Z"),
    ("PASSKEY_RP_ID", "example.com"),
    ("PROMPT", "What is the basic authentication of this service?"),
    ("JAVA_OPTS", "-Xmx1g -Djavax.net.ssl.trustStore=/etc/ssl/ca.p12 -Dkey.name=tls"),
    ("LDAP_BIND_DN", "cn=shop,ou=apps,dc=example,dc=com"),
    ("HEALTH_COMMAND", "curl -fsS http://db.example.com:8080/readyz"),
)
"""Names and values that a reviewer must be able to read."""
