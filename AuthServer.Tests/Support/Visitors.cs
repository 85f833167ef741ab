using System.Net;
using System.Net.Sockets;

namespace AuthServer.Tests.Support;

/// <summary>Lets a test come from several addresses: all of 127.0.0.0/8 is this machine.</summary>
internal static class Visitors
{
    /// <summary>A client that keeps no cookies and follows no redirects.</summary>
    /// <param name="server">Where it goes.</param>
    /// <param name="from">The address that it comes from; null for the usual one.</param>
    public static HttpClient ClientFrom(this Server server, string? from) => ClientTo(server.Address, from);

    /// <summary>The same for a server that is a process of its own.</summary>
    public static HttpClient ClientTo(Uri address, string? from) =>
        new(
            new SocketsHttpHandler
            {
                UseCookies = false,
                AllowAutoRedirect = false,
                ConnectCallback = from is null
                    ? null
                    : (context, cancellation) => ConnectAsync(from, context.DnsEndPoint.Port, cancellation),
            }
        )
        {
            BaseAddress = address,
        };

    /// <summary>Connects to this machine, whatever the name.</summary>
    public static ValueTask<Stream> ConnectHere(
        SocketsHttpConnectionContext context,
        CancellationToken cancellation
    ) => ConnectAsync("127.0.0.1", context.DnsEndPoint.Port, cancellation);

    private static async ValueTask<Stream> ConnectAsync(string from, int port, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
