namespace Leat.Tests.Jobs.Model;

/// <summary>Actions of all shapes. The first codes stand in the actions themselves, the others in functions that they have captured.</summary>
internal static class Actions
{
    public static Action<string> OfPath(int code, Given given)
    {
        Func<string[], int, char, string> body = Behaviour.Of(code);
        return code switch
        {
            0 => path =>
            {
                using Ending ending = given.Begin();
                given.Write(path, Behaviour.Mix("alpha", given.Texts(), given.Captured, 'a'));
            }
            ,
            1 => path =>
            {
                using Ending ending = given.Begin();
                given.Write(path, Behaviour.Mix("beta", given.Texts(), given.Captured, 'a'));
            }
            ,
            2 => path =>
            {
                using Ending ending = given.Begin();
                _ = given.Captured;
                given.Write(path, "always a");
            }
            ,
            _ => path =>
            {
                using Ending ending = given.Begin();
                given.Write(path, body(given.Texts(), given.Captured, 'a'));
            }
            ,
        };
    }

    public static Action InPlace(int code, Given given, string place)
    {
        Func<string[], int, char, string> body = Behaviour.Of(code);
        return () =>
        {
            using Ending ending = given.Begin();
            given.Write(place, body(given.Texts(), given.Captured, 'a'));
        };
    }

    public static Action AllInPlace(int code, Given given, char[] letters, string[] places)
    {
        Func<string[], int, char, string> body = Behaviour.Of(code);
        return () =>
        {
            using Ending ending = given.Begin();
            string[] texts = given.Texts();
            for (int i = 0; i < places.Length; i++) given.Write(places[i], body(texts, given.Captured, letters[i]));
        };
    }

    public static Action<OutputPaths> OfPaths(int code, Given given)
    {
        Func<string[], int, char, string> body = Behaviour.Of(code);
        return paths =>
        {
            using Ending ending = given.Begin();
            string[] texts = given.Texts();
            foreach (string name in paths.Names) given.Write(paths[name], body(texts, given.Captured, name[0]));
        };
    }

    public static Func<string> Value(int code, Given given)
    {
        Func<string[], int, char, string> body = Behaviour.Of(code);
        return () =>
        {
            using Ending ending = given.Begin();
            given.FailIfTold();
            return body(given.Texts(), given.Captured, 'a');
        };
    }

    public static Action Silent(int code, Given given)
    {
        Func<string[], int, char, string> body = Behaviour.Of(code);
        return () =>
        {
            using Ending ending = given.Begin();
            given.FailIfTold();
            _ = body(given.Texts(), given.Captured, 'a');
        };
    }

    public static Func<Row[]> Rows(int code, Given given)
    {
        Func<string> value = Value(code, given);
        return () =>
        {
            string text = value();
            return [new Row(text, text.Length)];
        };
    }

    public static Action<Row[], string> Draw(int code, Given given)
    {
        Func<string[], int, char, string> body = Behaviour.Of(code);
        return (rows, path) =>
        {
            using Ending ending = given.Begin();
            given.Write(path, body([.. rows.Select(row => row.Text), .. given.Texts()], given.Captured, 'a'));
        };
    }

    public static Delegate Function(int code, int captured)
    {
        Func<string[], int, char, string> body = Behaviour.Of(code);
        return () => body([], captured, 'a');
    }
}
