using System.Collections.Concurrent;

namespace Drills;

/// <summary>
/// What stands in front of the instances: it takes turns, asks each whether it is ready, goes to the next when one does
/// not accept a connection, and can lose answers. It saves the hop of a proxy that is a program of its own.
/// </summary>
internal sealed class Balancer : HttpMessageHandler
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private readonly HttpMessageInvoker _wire = new(
        new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = 512,
            ConnectTimeout = TimeSpan.FromSeconds(1),
        }
    );
    private readonly IReadOnlyList<Instance> _instances;
    private readonly ConcurrentDictionary<Instance, bool> _out = new();
    private readonly CancellationTokenSource _end = new();
    private uint _turn;

    public Balancer(IReadOnlyList<Instance> instances)
    {
        _instances = instances;
        if (instances.Count > 1)
        {
            _ = WatchAsync();
        }
    }

    /// <summary>Whether the answer to this request is lost on its way back, after the server has given it.</summary>
    public Func<HttpRequestMessage, bool> Loses { get; set; } = _ => false;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var path = request.RequestUri!.PathAndQuery;
        var ready = _instances.Where(instance => !_out.ContainsKey(instance)).ToList();
        var candidates = ready.Count > 0 ? ready : _instances;
        var turn = Interlocked.Increment(ref _turn);
        for (var i = 0; ; i++)
        {
            var instance = candidates[(int)((turn + i) % candidates.Count)];
            request.RequestUri = new Uri(instance.Address, path);
            try
            {
                var answer = await _wire.SendAsync(request, cancellationToken);
                if (!Loses(request))
                {
                    return answer;
                }

                // Only now is the answer complete, and so what it gives is stored.
                await answer.Content.LoadIntoBufferAsync(cancellationToken);
                answer.Dispose();
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "The answer was lost.");
            }
            catch (HttpRequestException exception)
                when (exception.HttpRequestError is HttpRequestError.ConnectionError
                    && i + 1 < candidates.Count
                )
            {
                // Nothing was sent: another may be asked.
                _out[instance] = true;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _end.Cancel();
            _wire.Dispose();
            _end.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task WatchAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            foreach (var instance in _instances)
            {
                if (await instance.IsReadyAsync())
                {
                    _out.TryRemove(instance, out _);
                }
                else
                {
                    _out[instance] = true;
                }
            }

            await Task.Delay(Beat);
        }
    }
}
