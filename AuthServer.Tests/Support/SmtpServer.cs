using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace AuthServer.Tests.Support;

/// <summary>A mail server on loopback that speaks SMTP (RFC 5321), with the faults of real ones at a switch.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<MimeMessage> _letters = [];
    private readonly X509Certificate2? _certificate;
    private readonly Task _serving;
    private int _conversations;

    /// <summary>Listens on a free port, and offers STARTTLS, if at all, with a certificate that nobody has signed.</summary>
    public SmtpServer(bool startTls = false)
    {
        _certificate = startTls ? SelfSigned() : null;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many conversations were begun.</summary>
    public int Conversations => _conversations;

    public IReadOnlyList<MimeMessage> Letters => [.. _letters];

    /// <summary>What it answers to RCPT TO; 550 is for good, 451 for now.</summary>
    public string RecipientAnswer { get; set; } = "250 ok";

    /// <summary>Accepts a connection and says nothing.</summary>
    public bool Stalls { get; set; }

    /// <summary>The last AUTH line, decoded.</summary>
    public string? Credentials { get; private set; }

    /// <summary>Waits for this many letters in all.</summary>
    public async Task<IReadOnlyList<MimeMessage>> ReceiveAsync(int count = 1)
    {
        for (var tries = 0; tries < 6000 && _letters.Count < count; tries++)
        {
            await Task.Delay(10);
        }

        return _letters.Count >= count
            ? Letters
            : throw new TimeoutException($"{_letters.Count} letters came instead of {count}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        _certificate?.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var talks = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _conversations);
                talks.Add(TalkAsync(socket));
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(talks);
        }
    }

    private async Task TalkAsync(TcpClient socket)
    {
        using (socket)
        {
            try
            {
                if (Stalls)
                {
                    await Task.Delay(Timeout.Infinite, _end.Token);
                }

                await ConverseAsync(socket.GetStream());
            }
            catch (Exception exception)
                when (exception is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The other side left, or the test is over.
            }
        }
    }

    private async Task ConverseAsync(Stream stream)
    {
        var reader = new StreamReader(stream, Encoding.Latin1);
        await SayAsync(stream, "220 mail.test ready");
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            switch (line.Split(' ')[0].ToUpperInvariant())
            {
                case "EHLO":
                    var tls = _certificate is not null && stream is not SslStream ? "250-STARTTLS\r\n" : "";
                    await SayAsync(stream, $"250-mail.test\r\n{tls}250-AUTH PLAIN\r\n250 8BITMIME");
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 go ahead");
                    var secured = new SslStream(stream);
                    await secured.AuthenticateAsServerAsync(_certificate!);
                    stream = secured;
                    reader = new StreamReader(stream, Encoding.Latin1);
                    break;
                case "AUTH":
                    Credentials = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2]));
                    await SayAsync(stream, "235 welcome");
                    break;
                case "RCPT":
                    await SayAsync(stream, RecipientAnswer);
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on");
                    _letters.Enqueue(await ReadLetterAsync(reader));
                    await SayAsync(stream, "250 taken");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "250 ok");
                    break;
            }
        }
    }

    private async Task<MimeMessage> ReadLetterAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_end.Token) is { } line && line != ".")
        {
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        using var bytes = new MemoryStream(Encoding.Latin1.GetBytes(text.ToString()));
        return await MimeMessage.LoadAsync(bytes, _end.Token);
    }

    private async Task SayAsync(Stream stream, string words) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{words}\r\n"), _end.Token);

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=mail.test", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
