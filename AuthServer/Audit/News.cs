using System.Threading.Channels;

namespace AuthServer.Audit;

/// <summary>Tells the keeper of the trail that there is something to do, however many times it is told.</summary>
internal sealed class News
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Tell() => _signal.Writer.TryWrite(true);

    /// <summary>Waits until it is told, or for <paramref name="patience"/>.</summary>
    public async Task WaitAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            var told = _signal.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            await told.WaitAsync(patience, clock, cancellation);
        }
        catch (TimeoutException)
        {
            // Nothing came.
        }

        _signal.Reader.TryRead(out _);
    }
}
