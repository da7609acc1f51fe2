#:project ../src/Leat/Leat.csproj
#:property PublishAot=false

// The most common title of many web pages: fetch them, several at a time, find their titles, count.
//
//     dotnet run examples/titles.cs
//
// The pages come from a web server that the program itself starts, so that it needs no network and always gets the same.

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Leat;

using var server = new PageServer();
using var client = new HttpClient();
IEnumerable<string> urls = Enumerable.Range(1, 60).Select(number => $"{server.Address}page/{number}");

Stage<string, string> fetch = Stage.Map<string, string>(FetchAsync, workers: 4);
Stage<string, string> titles = Stage.FlatMap<string, string>(FindTitles, workers: 2);
Stage<string, Count> mostCommon = Stage.Of<string, Count>(MostCommonAsync);

Count best = await (urls | fetch | titles | mostCommon).ExecuteAsync();
Console.WriteLine($"{best.All} titles, most common is '{best.Title}': {best.Times} times");

Task<string> FetchAsync(string url, CancellationToken cancellationToken) => client.GetStringAsync(new Uri(url), cancellationToken);

// None, one or several: what a page gives is what there is.
static IEnumerable<string> FindTitles(string page) =>
    from match in Regex.Matches(page, "(?<=<title>).*?(?=</title>)", RegexOptions.Singleline, TimeSpan.FromSeconds(1))
    select WebUtility.HtmlDecode(match.Value).Trim();

// Needs all titles before it can say anything, so it gets the whole stream.
static async ValueTask<Count> MostCommonAsync(IAsyncEnumerable<string> titles, CancellationToken cancellationToken)
{
    var times = new SortedDictionary<string, int>(StringComparer.Ordinal);
    await foreach (string title in titles.WithCancellation(cancellationToken))
    {
        times[title] = times.GetValueOrDefault(title) + 1;
    }
    (string most, int count) = times.MaxBy(pair => pair.Value);
    return new Count(most, count, times.Values.Sum());
}

internal readonly record struct Count(string Title, int Times, int All);

/// <summary>Serves pages about mills on a free port of this machine; some have a title in common, and some have none.</summary>
internal sealed class PageServer : IDisposable
{
    private readonly HttpListener listener;

    public PageServer()
    {
        (listener, Address) = Listen();
        _ = ServeAsync();
    }

    public string Address { get; }

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                await AnswerAsync(await listener.GetContextAsync());
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // The server was closed, or a client has gone.
            }
        }
    }

    private static async Task AnswerAsync(HttpListenerContext context)
    {
        int number = int.Parse(context.Request.Url!.Segments[^1], CultureInfo.InvariantCulture);
        string title = number % 7 == 0 ? ""
            : number % 5 == 0 ? "<title>Millers &amp; millstones</title>"
            : number % 8 == 0 ? "<title>The leat</title>"
            : $"<title>Mill {number}</title>";
        byte[] page = Encoding.UTF8.GetBytes($"{title}<p>Page {number}");
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.OutputStream.WriteAsync(page);
        context.Response.Close();
    }

    // A free port is one that somebody just got and gave back. Where another program is quicker, the next may do.
    private static (HttpListener Listener, string Address) Listen()
    {
        for (int attempt = 1; ; attempt++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            int port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();

            string address = $"http://127.0.0.1:{port}/";
            var server = new HttpListener { Prefixes = { address } };
            try
            {
                server.Start();
                return (server, address);
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                server.Close();
            }
        }
    }
}
