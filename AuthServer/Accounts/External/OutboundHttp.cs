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
        _handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy would look up the name itself, and might find another address than we allow.
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        Client = new HttpClient(_handler) { Timeout = Patience, MaxResponseContentBufferSize = Megabyte };
    }

    public HttpClient Client { get; }

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
