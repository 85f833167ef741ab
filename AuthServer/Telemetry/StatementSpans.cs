using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Telemetry;

/// <summary>
/// Makes a span of each statement that a traced request sends to the database: what it does and to which table, never its
/// text or its parameters. It is made when the statement is over, so that an untraced request pays nothing.
/// </summary>
internal sealed class StatementSpans : DbCommandInterceptor, IDisposable
{
    private readonly ActivitySource _source = new("AuthServer.Data");

    public override DbDataReader ReaderExecuted(
        DbCommand command,
        CommandExecutedEventData eventData,
        DbDataReader result
    ) => Tell(command, eventData, result);

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        DbDataReader result,
        CancellationToken cancellationToken = default
    ) => new(Tell(command, eventData, result));

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result) =>
        Tell(command, eventData, result);

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    ) => new(Tell(command, eventData, result));

    public override object? ScalarExecuted(
        DbCommand command,
        CommandExecutedEventData eventData,
        object? result
    ) => Tell(command, eventData, result);

    public override ValueTask<object?> ScalarExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        object? result,
        CancellationToken cancellationToken = default
    ) => new(Tell(command, eventData, result));

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) =>
        Tell(command, eventData, eventData.Exception);

    public override Task CommandFailedAsync(
        DbCommand command,
        CommandErrorEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Tell(command, eventData, eventData.Exception);
        return Task.CompletedTask;
    }

    public void Dispose() => _source.Dispose();

    private T Tell<T>(DbCommand command, CommandEndEventData end, T result)
    {
        // Work behind the requests has no trace that it could belong to.
        if (Activity.Current is not { IsAllDataRequested: true } parent)
        {
            return result;
        }

        var statement = Statement.Of(command.CommandText);
        using var span = _source.StartActivity(
            statement.Name,
            ActivityKind.Client,
            parent.Context,
            startTime: end.StartTime
        );
        span?.SetTag("db.system.name", SystemOf(command));
        span?.SetTag("db.operation.name", statement.Operation);
        span?.SetTag("db.collection.name", statement.Table);
        if (end is CommandErrorEventData error)
        {
            span?.SetTag("error.type", error.Exception.GetType().FullName);
            span?.SetStatus(ActivityStatusCode.Error);
        }

        span?.SetEndTime((end.StartTime + end.Duration).UtcDateTime);
        return result;
    }

    // OpenTelemetry's names of databases.
    private static string SystemOf(DbCommand command) =>
        command.GetType().Namespace?.StartsWith("Npgsql", StringComparison.Ordinal) == true
            ? "postgresql"
            : "sqlite";
}
