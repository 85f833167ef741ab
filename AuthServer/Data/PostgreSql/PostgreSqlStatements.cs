using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using AuthServer.Data.Statements;
using Npgsql;

namespace AuthServer.Data.PostgreSql;

/// <summary>One round trip for each question, and one for all that is written together: PostgreSQL takes a batch for a transaction.</summary>
internal sealed class PostgreSqlStatements(NpgsqlDataSource database, Breaker breaker) : IStatements
{
    public string Clock(string ours) => "clock_timestamp()";

    public string Hold => "FOR NO KEY UPDATE";

    public Task<T?> FirstAsync<T>(
        Statement question,
        Func<DbDataReader, T> read,
        CancellationToken cancellation
    )
        where T : class =>
        AskAsync(
            question,
            CommandBehavior.SingleRow,
            async (reader, token) => await reader.ReadAsync(token) ? read(reader) : null,
            cancellation
        );

    public Task<List<T>> AllAsync<T>(
        Statement question,
        Func<DbDataReader, T> read,
        CancellationToken cancellation
    ) =>
        AskAsync(
            question,
            CommandBehavior.Default,
            async (reader, token) =>
            {
                List<T> rows = [];
                while (await reader.ReadAsync(token))
                {
                    rows.Add(read(reader));
                }

                return rows;
            },
            cancellation
        );

    public Task<int> WriteAsync(IReadOnlyList<Statement> unit, CancellationToken cancellation) =>
        breaker.RunAsync(
            async token =>
            {
                await using var connection = database.CreateConnection();
                await connection.OpenAsync(breaker, token);
                await using var batch = connection.CreateBatch();
                foreach (var statement in unit)
                {
                    var command = new NpgsqlBatchCommand(statement.Sql);
                    Fill(command.Parameters, statement);
                    batch.BatchCommands.Add(command);
                }

                await batch.ExecuteNonQueryAsync(token);
                return batch.BatchCommands[0].RecordsAffected;
            },
            cancellation
        );

    [SuppressMessage(
        "Security",
        "CA2100:Review SQL queries for security vulnerabilities",
        Justification = "The texts are constants of ours; what comes from outside is in the values."
    )]
    private Task<T> AskAsync<T>(
        Statement question,
        CommandBehavior behavior,
        Func<DbDataReader, CancellationToken, Task<T>> take,
        CancellationToken cancellation
    ) =>
        breaker.RunAsync(
            async token =>
            {
                await using var connection = database.CreateConnection();
                await connection.OpenAsync(breaker, token);
                await using var command = connection.CreateCommand();
                command.CommandText = question.Sql;
                Fill(command.Parameters, question);
                await using var reader = await command.ExecuteReaderAsync(behavior, token);
                return await take(reader, token);
            },
            cancellation
        );

    // Without names, they are taken in their order, and the text goes to the server as it is.
    private static void Fill(NpgsqlParameterCollection parameters, Statement statement)
    {
        foreach (var value in statement.Values)
        {
            var content = value.Content is string text ? SoundText.Mended(text) : value.Content;
            parameters.Add(new NpgsqlParameter { Value = content ?? DBNull.Value, DbType = value.Type });
        }
    }
}
