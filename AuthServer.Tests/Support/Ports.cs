using System.Net;
using System.Net.Sockets;

namespace AuthServer.Tests.Support;

/// <summary>
/// Hands out free ports of loopback, each once. They lie below the range from which the system takes the ports of
/// outgoing connections, so that nobody takes one between here and the server's start.
/// </summary>
internal static class Ports
{
    private static int _last = 20_000 + Environment.ProcessId % 50 * 200;

    public static int Next()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _last);
            if (IsFree(IPAddress.Loopback, port) && IsFree(IPAddress.IPv6Loopback, port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(IPAddress address, int port)
    {
        using var probe = new TcpListener(address, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException exception)
        {
            // A machine without IPv6 has nothing there that could be taken.
            return exception.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }
}
