using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace AuthServer.Data.Copy;

/// <summary>One table of the model, on its way from one database to the other.</summary>
internal abstract class CopiedTable
{
    public abstract string Name { get; }

    public abstract Task<bool> HasRowsAsync(AuthDb db, CancellationToken cancellation);

    /// <summary>Writes every row of the source into the open transaction of the target; how many there were.</summary>
    public abstract Task<long> CopyAsync(AuthDb source, AuthDb target, CancellationToken cancellation);
}

/// <summary>
/// Streams the rows: EF reads each value as the model means it, whatever SQLite keeps it as, and COPY writes it as the
/// target's model does. No more than a row is in memory at once.
/// </summary>
internal sealed class CopiedTable<T>(IEntityType type) : CopiedTable
    where T : class
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly List<CopiedColumn> _columns = [.. type.GetProperties().Select(CopiedColumn.Of)];
    private readonly string _quoted = CopiedColumn.Quote(type.GetTableName()!);

    public override string Name => type.GetTableName()!;

    public override Task<bool> HasRowsAsync(AuthDb db, CancellationToken cancellation) =>
        db.Set<T>().AnyAsync(cancellation);

    public override async Task<long> CopyAsync(AuthDb source, AuthDb target, CancellationToken cancellation)
    {
        var numbered = _columns.FindIndex(column => column.IsNumbered);
        var (count, highest) = (0L, 0L);
        var connection = (NpgsqlConnection)target.Database.GetDbConnection();
        var names = string.Join(", ", _columns.Select(column => column.Quoted));
        await using (
            var copy = await connection.BeginBinaryImportAsync(
                $"COPY {_quoted} ({names}) FROM STDIN (FORMAT BINARY)",
                cancellation
            )
        )
        {
            copy.Timeout = Patience;
            await foreach (var row in Rows(source).WithCancellation(cancellation))
            {
                await WriteAsync(copy, row, cancellation);
                count++;
                if (numbered >= 0)
                {
                    highest = long.Max(highest, Convert.ToInt64(row[numbered], CultureInfo.InvariantCulture));
                }
            }

            await copy.CompleteAsync(cancellation);
        }

        if (highest > 0)
        {
            await target.Database.ExecuteSqlAsync(
                $"SELECT setval(pg_get_serial_sequence({_quoted}, {_columns[numbered].Name}), {highest})",
                cancellation
            );
        }

        return count;
    }

    private async Task WriteAsync(NpgsqlBinaryImporter copy, object?[] row, CancellationToken cancellation)
    {
        await copy.StartRowAsync(cancellation);
        for (var i = 0; i < row.Length; i++)
        {
            if (_columns[i].ToTarget(row[i]) is { } value)
            {
                await copy.WriteAsync(value, _columns[i].StoreType, cancellation);
            }
            else
            {
                await copy.WriteNullAsync(cancellation);
            }
        }
    }

    // By name, so that properties count that no class has (foreign keys of the engine's entities).
    private IAsyncEnumerable<object?[]> Rows(AuthDb source)
    {
        var row = Expression.Parameter(typeof(T));
        var values = _columns.Select(column =>
            Expression.Convert(
                Expression.Call(
                    typeof(EF),
                    nameof(EF.Property),
                    [column.Type],
                    row,
                    Expression.Constant(column.Property)
                ),
                typeof(object)
            )
        );
        var array = Expression.NewArrayInit(typeof(object), values);
        return source
            .Set<T>()
            .AsNoTracking()
            .Select(Expression.Lambda<Func<T, object?[]>>(array, row))
            .AsAsyncEnumerable();
    }
}
