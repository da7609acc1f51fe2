#:project ../src/Leat/Leat.csproj
#:property PublishAot=false

// The length of each word times each number: declared as nested calls, computed in three processes, and remembered.
//
//     dotnet run examples/words.cs                 # the second time, nothing is called
//     dotnet run examples/words.cs -- a bc xyz     # only what is new is called: one Length, and no Multiply
//     dotnet run examples/words.cs -- --cache DIR WORD…
//
// Change Letters below: all calls of Length run again, and those of Multiply only where a length has changed. Write it
// differently, with other names and comments: nothing runs.

using Leat;

string folder = Path.Combine(Path.GetTempPath(), "leat-words");
List<string> words = [.. args];
if (words is ["--cache", var chosen, ..])
{
    folder = chosen;
    words.RemoveRange(0, 2);
}

if (words.Count == 0)
{
    words = ["a", "bc", "def"];
}

await using Pool pool = Pool.Processes(3);

// First without a cache: every call is made.
{
    var length = Call.Apply<string, int>(Length);
    var multiply = Call.Join<int, int, int>(Multiply);

    Deferred<int> workflow = multiply(length(words), [1, 2]); // nothing has run
    int[] result = await workflow.RunAsync(pool);
    Console.WriteLine($"without a cache: {string.Join(", ", result)}");
}

// Then with one: what any process has computed before is taken from there.
{
    var cache = Cache.Directory(folder);
    var length = Call.Apply<string, int>(Length, cache);
    var multiply = Call.Join<int, int, int>(Multiply, cache);

    await using CallRun<int> run = multiply(length(words), [1, 2]).Start(pool);
    Console.WriteLine($"with a cache:    {string.Join(", ", await run.InOrder().ToListAsync())}");
    Console.Write(run.Explain());
}

static int Length(string word) => Letters(word).Count();

static IEnumerable<char> Letters(string word) => word.Where(IsLetter);

static bool IsLetter(char each) => char.IsLetter(each);

static int Multiply(int a, int b) => a * b;
