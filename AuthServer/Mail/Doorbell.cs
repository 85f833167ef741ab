namespace AuthServer.Mail;

/// <summary>Tells the postman that there is something in the outbox, so that a letter leaves at once.</summary>
internal sealed class Doorbell : IDisposable
{
    // One ring is as good as many: the postman takes all there is.
    private readonly SemaphoreSlim _rung = new(0, 1);

    public void Ring()
    {
        try
        {
            _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
    }

    /// <summary>Waits for a ring, or until <paramref name="patience"/> is over.</summary>
    public Task WaitAsync(TimeSpan patience, CancellationToken cancellation) =>
        _rung.WaitAsync(patience, cancellation);

    public void Dispose() => _rung.Dispose();
}
