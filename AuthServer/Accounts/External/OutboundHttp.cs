using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AuthServer.Accounts.External;

/// <summary>
/// The one way out to providers: five seconds in all, no redirects, at most a megabyte, TLS verified, and to public
/// addresses only, whatever a name resolves to.
/// </summary>
internal sealed class OutboundHttp : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int Megabyte = 1024 * 1024;

    private readonly bool _mayStayHere;
    private readonly SocketsHttpHandler _handler;

    public OutboundHttp(IHostEnvironment environment)
    {
        // A stand-in on the machine of a developer.
        _mayStayHere = environment.IsDevelopment();
        _handler = NewHandler();
        Client = new HttpClient(_handler);
        Limit(Client);
    }

    public HttpClient Client { get; }

    /// <summary>Sets how long, and how much, a client waits for.</summary>
    public static void Limit(HttpClient client) =>
        (client.Timeout, client.MaxResponseContentBufferSize) = (Patience, Megabyte);

    /// <summary>Gives all calls of some work five seconds together: they stop with the request.</summary>
    public static async Task<T> WithPatienceAsync<T>(HttpContext http, Func<Task<T>> work)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, deadline.Token);
        var aborted = http.RequestAborted;
        http.RequestAborted = both.Token;
        try
        {
            return await work();
        }
        finally
        {
            http.RequestAborted = aborted;
        }
    }

    /// <summary>For a client that is not ours; whoever asks for it disposes of it.</summary>
    public SocketsHttpHandler NewHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy would look up the name itself, and might find another address than we allow.
            UseProxy = false,
            // What somebody sent us as their trace and baggage is no business of a provider's.
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };

    public void Dispose()
    {
        Client.Dispose();
        _handler.Dispose();
    }

    // The address that was looked at is the one that is connected to: a second lookup could answer otherwise.
    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellation
    )
    {
        var host = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(host.Host, cancellation);
        var allowed = Array.FindAll(addresses, IsAllowed);
        if (allowed.Length == 0)
        {
            throw new HttpRequestException($"{host.Host} has no public address.");
        }

        // Providers tell by their metadata where we send our secret to.
        var isPlain = context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps;
        if (isPlain && !Array.TrueForAll(allowed, IPAddress.IsLoopback))
        {
            throw new HttpRequestException($"{host.Host} is not asked without TLS.");
        }

        Socket? socket = null;
        try
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(allowed, host.Port, cancellation);
            var stream = new NetworkStream(socket, ownsSocket: true);
            socket = null;
            return stream;
        }
        finally
        {
            socket?.Dispose();
        }
    }

    private bool IsAllowed(IPAddress address) =>
        PublicAddress.IsPublic(address) || (_mayStayHere && IPAddress.IsLoopback(address));
}
