using System.Globalization;
using AuthServer.Audit;
using AuthServer.Data.Copy;

namespace AuthServer.Commands;

/// <summary>The verb <c>data copy</c>: from the SQLite file of one instance to the PostgreSQL of many.</summary>
internal static class CopyData
{
    /// <summary>Copies the file that <c>--from</c> names into the database that the settings name.</summary>
    /// <exception cref="AuthServer.Data.StartupException">One of the two is not what it must be; neither was changed.</exception>
    public static async Task RunAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        // Asked for at the first row that is recorded: by then the secrets are open.
        var counts = await services
            .GetRequiredService<DataCopy>()
            .RunAsync(
                app.Configuration["from"] ?? "",
                rows =>
                    services
                        .GetRequiredService<AuditLog>()
                        .Record(AuditEvent.DataCopied, reason: Invariant($"{rows} rows")),
                CancellationToken.None
            );

        foreach (var (table, rows) in counts.OrderBy(count => count.Table, StringComparer.Ordinal))
        {
            Console.WriteLine(Invariant($"{rows, 12}  {table}"));
        }

        Console.WriteLine(
            Invariant(
                $"{counts.Sum(count => count.Rows)} rows are copied. Start the server with these settings, and never again on the file."
            )
        );
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
