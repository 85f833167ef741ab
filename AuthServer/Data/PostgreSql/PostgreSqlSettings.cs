using System.Data.Common;
using System.Text;
using Npgsql;

namespace AuthServer.Data.PostgreSql;

/// <summary>How we talk to PostgreSQL where the operator has not said it.</summary>
internal static class PostgreSqlSettings
{
    // Later ones win, so whatever the operator sets stands. An answer within two seconds, or 503: a connection is tried
    // for one; the timeout of commands is the last resort behind the breaker and the limits in the database. No reset:
    // we leave nothing in a connection, and the driver would cancel no command that it sent behind a reset. Sixteen connections
    // keep several cores busy. The driver would open a hundred: as many as PostgreSQL allows to all instances together, and
    // on a busy machine it is so long occupied with opening them that nobody gets one in time.
    private const string Defaults =
        "Application Name=AuthServer;GSS Encryption Mode=Disable;Timeout=1;Command Timeout=10;Cancellation Timeout=-1;Maximum Pool Size=16;No Reset On Close=true;Keepalive=30;Host Recheck Seconds=1";

    // Kept by the database, so that also a statement whose caller is gone ends.
    private const string Limits =
        "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=15000";

    private const string NoLimits =
        "-c statement_timeout=0 -c lock_timeout=60000 -c idle_in_transaction_session_timeout=0";

    public static NpgsqlConnectionStringBuilder Of(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder($"{Defaults};{connectionString}");
        settings.Options = $"{Limits} {settings.Options}".TrimEnd();
        return settings;
    }

    /// <summary>For work that may take minutes, on a connection of its own that no pool keeps.</summary>
    public static NpgsqlConnectionStringBuilder Patient(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder($"{Defaults};Timeout=5;{connectionString}");
        settings.Options = $"{settings.Options} {NoLimits}".TrimStart();
        settings.CommandTimeout = 0;
        settings.Pooling = false;
        return settings;
    }

    /// <summary>The connection string with the password that stands apart from it, if one does.</summary>
    public static string WithPassword(string connectionString, string? password)
    {
        if (string.IsNullOrEmpty(password))
        {
            return connectionString;
        }

        var text = new StringBuilder(connectionString);
        DbConnectionStringBuilder.AppendKeyValuePair(text, "Password", password);
        return text.ToString();
    }

    public static string? MistakeIn(string connectionString)
    {
        const string cure = "write 'Host=…;Database=…;Username=…;Password=…;SSL Mode=VerifyFull'.";
        try
        {
            var settings = Of(connectionString);
            return string.IsNullOrEmpty(settings.Host)
                    ? $"Data:ConnectionString must name the host of a PostgreSQL server: {cure}"
                : string.IsNullOrEmpty(settings.Database)
                    ? $"Data:ConnectionString must name a database: {cure}"
                : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return $"Data:ConnectionString is not one of PostgreSQL ({exception.Message.TrimEnd('.')}): {cure}";
        }
    }
}
