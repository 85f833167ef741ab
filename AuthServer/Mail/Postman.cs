using AuthServer.Data.Statements;

namespace AuthServer.Mail;

/// <summary>Empties the outbox in the background: when it is told of a letter, and every two seconds in any case.</summary>
internal sealed partial class Postman(
    IServiceScopeFactory scopes,
    IStatements statements,
    Doorbell doorbell,
    TimeProvider clock,
    ILogger<Postman> logger
) : BackgroundService
{
    // A letter that was saved in a transaction, by another instance, or before a restart rings no bell here.
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await WalkAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped; or never begun, because the start failed, which says so itself.
        }
    }

    private async Task WalkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // First, for a start has other things to do than letters that have waited for it anyway.
            await doorbell.WaitAsync(Round, stoppingToken);
            try
            {
                while (await DeliverOneAsync(stoppingToken)) { }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The database is away: the letters are in it and wait.
                Log.Away(logger, exception);
            }
        }
    }

    private async Task<bool> DeliverOneAsync(CancellationToken cancellation)
    {
        var due = DueRows.Letter(statements, clock.GetUtcNow().UtcDateTime);
        if (await statements.FirstAsync(due, DueRows.Read, cancellation) is null)
        {
            return false;
        }

        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Delivery>().NextAsync(cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The outbox cannot be read; letters wait.")]
        public static partial void Away(ILogger logger, Exception exception);
    }
}
