using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace AuthServer.Data.PostgreSql;

/// <summary>Says in one sentence what is wrong with PostgreSQL, or the way to it, and what to do about it.</summary>
internal static class PostgreSqlFault
{
    /// <summary>The sentence; null when it is not the database that failed.</summary>
    public static string? Explain(Exception exception, string connectionString)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is NpgsqlException or SocketException)
            {
                return Explain(cause, PostgreSqlSettings.Of(connectionString));
            }
        }

        return null;
    }

    private static string Explain(Exception exception, NpgsqlConnectionStringBuilder settings)
    {
        var server = $"{settings.Host}:{settings.Port}";
        var (database, user) = (settings.Database, settings.Username);
        return exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } =>
                $"PostgreSQL at '{server}' refuses the password of '{user}': correct Username and Password in Data:ConnectionString.",
            PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
                $"PostgreSQL at '{server}' does not let '{user}' in ({refused.MessageText}): correct Username in Data:ConnectionString, or pg_hba.conf there.",
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
                $"The database '{database}' does not exist at '{server}': create it (CREATE DATABASE \"{database}\"), or correct Data:ConnectionString.",
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
                $"'{user}' may not do this in the database '{database}' ({refused.MessageText}): make that user the owner of the database.",
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } =>
                $"PostgreSQL at '{server}' has no connection left: raise max_connections there, or set 'Maximum Pool Size' in Data:ConnectionString.",
            PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } =>
                $"The database '{database}' is held by another process: stop that one, or wait for it, then start again.",
            PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } starting =>
                $"PostgreSQL at '{server}' is not ready ({starting.MessageText}): start again in a moment.",
            PostgresException other =>
                $"The database '{database}' at '{server}' cannot be used ({other.SqlState}: {other.MessageText}): check Data:ConnectionString.",
            { InnerException: AuthenticationException tls } =>
                $"The TLS of PostgreSQL at '{server}' is not trusted ({tls.Message.TrimEnd('.')}): set 'Root Certificate' in Data:ConnectionString to the authority that signed its certificate.",
            NpgsqlException { InnerException: null } when IsAboutTls(exception) =>
                $"PostgreSQL at '{server}' does not speak TLS: switch it on there (ssl = on), or correct 'SSL Mode' in Data:ConnectionString.",
            { InnerException: SocketException socket } => CannotReach(server, socket),
            SocketException socket => CannotReach(server, socket),
            _ =>
                $"PostgreSQL at '{server}' does not answer ({exception.Message.TrimEnd('.')}): check that it runs, and Data:ConnectionString.",
        };
    }

    private static string CannotReach(string server, SocketException socket) =>
        $"PostgreSQL cannot be reached at '{server}' ({socket.Message}): start it, or correct Host and Port in Data:ConnectionString.";

    private static bool IsAboutTls(Exception exception) =>
        exception.Message.Contains("SSL", StringComparison.Ordinal);
}
