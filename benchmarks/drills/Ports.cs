using System.Net;
using System.Net.Sockets;

namespace Drills;

/// <summary>Hands out free ports of loopback, each once, below those that the system gives to outgoing connections.</summary>
internal static class Ports
{
    private static int _last = 10_000 + Environment.ProcessId % 90 * 100;

    public static int Next()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _last);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
