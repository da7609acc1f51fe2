using Leat.Streams;

namespace Leat;

/// <summary>The zips of two to eight pipes.</summary>
public abstract partial class Pipe
{
    /// <summary>Puts the items of two pipes together, one of each.</summary>
    /// <param name="first">The first pipe.</param>
    /// <param name="second">The second pipe.</param>
    /// <param name="shortest">True to end with the shortest pipe; by default pipes of different lengths are an error.</param>
    public static Pipe<(T1, T2)> Zip<T1, T2>(Pipe<T1> first, Pipe<T2> second, bool shortest = false) =>
        new ZipPipe<(T1, T2)>([first, second], shortest, to =>
        {
            (ZipInput<T1> i1, ZipInput<T2> i2) = (to.Connect(first), to.Connect(second));
            return () => (i1.Current, i2.Current);
        });

    /// <summary>Puts the items of three pipes together, one of each.</summary>
    /// <param name="first">The first pipe.</param>
    /// <param name="second">The second pipe.</param>
    /// <param name="third">The third pipe.</param>
    /// <param name="shortest">True to end with the shortest pipe; by default pipes of different lengths are an error.</param>
    public static Pipe<(T1, T2, T3)> Zip<T1, T2, T3>(Pipe<T1> first, Pipe<T2> second, Pipe<T3> third, bool shortest = false) =>
        new ZipPipe<(T1, T2, T3)>([first, second, third], shortest, to =>
        {
            (ZipInput<T1> i1, ZipInput<T2> i2, ZipInput<T3> i3) = (to.Connect(first), to.Connect(second), to.Connect(third));
            return () => (i1.Current, i2.Current, i3.Current);
        });

    /// <summary>Puts the items of four pipes together, one of each.</summary>
    /// <param name="first">The first pipe.</param>
    /// <param name="second">The second pipe.</param>
    /// <param name="third">The third pipe.</param>
    /// <param name="fourth">The fourth pipe.</param>
    /// <param name="shortest">True to end with the shortest pipe; by default pipes of different lengths are an error.</param>
    public static Pipe<(T1, T2, T3, T4)> Zip<T1, T2, T3, T4>(Pipe<T1> first, Pipe<T2> second, Pipe<T3> third, Pipe<T4> fourth, bool shortest = false) =>
        new ZipPipe<(T1, T2, T3, T4)>([first, second, third, fourth], shortest, to =>
        {
            (ZipInput<T1> i1, ZipInput<T2> i2, ZipInput<T3> i3, ZipInput<T4> i4) = (to.Connect(first), to.Connect(second), to.Connect(third), to.Connect(fourth));
            return () => (i1.Current, i2.Current, i3.Current, i4.Current);
        });

    /// <summary>Puts the items of five pipes together, one of each.</summary>
    /// <param name="first">The first pipe.</param>
    /// <param name="second">The second pipe.</param>
    /// <param name="third">The third pipe.</param>
    /// <param name="fourth">The fourth pipe.</param>
    /// <param name="fifth">The fifth pipe.</param>
    /// <param name="shortest">True to end with the shortest pipe; by default pipes of different lengths are an error.</param>
    public static Pipe<(T1, T2, T3, T4, T5)> Zip<T1, T2, T3, T4, T5>(Pipe<T1> first, Pipe<T2> second, Pipe<T3> third, Pipe<T4> fourth, Pipe<T5> fifth, bool shortest = false) =>
        new ZipPipe<(T1, T2, T3, T4, T5)>([first, second, third, fourth, fifth], shortest, to =>
        {
            (ZipInput<T1> i1, ZipInput<T2> i2, ZipInput<T3> i3, ZipInput<T4> i4, ZipInput<T5> i5) = (to.Connect(first), to.Connect(second), to.Connect(third), to.Connect(fourth), to.Connect(fifth));
            return () => (i1.Current, i2.Current, i3.Current, i4.Current, i5.Current);
        });

    /// <summary>Puts the items of six pipes together, one of each.</summary>
    /// <param name="first">The first pipe.</param>
    /// <param name="second">The second pipe.</param>
    /// <param name="third">The third pipe.</param>
    /// <param name="fourth">The fourth pipe.</param>
    /// <param name="fifth">The fifth pipe.</param>
    /// <param name="sixth">The sixth pipe.</param>
    /// <param name="shortest">True to end with the shortest pipe; by default pipes of different lengths are an error.</param>
    public static Pipe<(T1, T2, T3, T4, T5, T6)> Zip<T1, T2, T3, T4, T5, T6>(Pipe<T1> first, Pipe<T2> second, Pipe<T3> third, Pipe<T4> fourth, Pipe<T5> fifth, Pipe<T6> sixth, bool shortest = false) =>
        new ZipPipe<(T1, T2, T3, T4, T5, T6)>([first, second, third, fourth, fifth, sixth], shortest, to =>
        {
            (ZipInput<T1> i1, ZipInput<T2> i2, ZipInput<T3> i3, ZipInput<T4> i4, ZipInput<T5> i5, ZipInput<T6> i6) = (to.Connect(first), to.Connect(second), to.Connect(third), to.Connect(fourth), to.Connect(fifth), to.Connect(sixth));
            return () => (i1.Current, i2.Current, i3.Current, i4.Current, i5.Current, i6.Current);
        });

    /// <summary>Puts the items of seven pipes together, one of each.</summary>
    /// <param name="first">The first pipe.</param>
    /// <param name="second">The second pipe.</param>
    /// <param name="third">The third pipe.</param>
    /// <param name="fourth">The fourth pipe.</param>
    /// <param name="fifth">The fifth pipe.</param>
    /// <param name="sixth">The sixth pipe.</param>
    /// <param name="seventh">The seventh pipe.</param>
    /// <param name="shortest">True to end with the shortest pipe; by default pipes of different lengths are an error.</param>
    public static Pipe<(T1, T2, T3, T4, T5, T6, T7)> Zip<T1, T2, T3, T4, T5, T6, T7>(Pipe<T1> first, Pipe<T2> second, Pipe<T3> third, Pipe<T4> fourth, Pipe<T5> fifth, Pipe<T6> sixth, Pipe<T7> seventh, bool shortest = false) =>
        new ZipPipe<(T1, T2, T3, T4, T5, T6, T7)>([first, second, third, fourth, fifth, sixth, seventh], shortest, to =>
        {
            (ZipInput<T1> i1, ZipInput<T2> i2, ZipInput<T3> i3, ZipInput<T4> i4, ZipInput<T5> i5, ZipInput<T6> i6, ZipInput<T7> i7) = (to.Connect(first), to.Connect(second), to.Connect(third), to.Connect(fourth), to.Connect(fifth), to.Connect(sixth), to.Connect(seventh));
            return () => (i1.Current, i2.Current, i3.Current, i4.Current, i5.Current, i6.Current, i7.Current);
        });

    /// <summary>Puts the items of eight pipes together, one of each.</summary>
    /// <param name="first">The first pipe.</param>
    /// <param name="second">The second pipe.</param>
    /// <param name="third">The third pipe.</param>
    /// <param name="fourth">The fourth pipe.</param>
    /// <param name="fifth">The fifth pipe.</param>
    /// <param name="sixth">The sixth pipe.</param>
    /// <param name="seventh">The seventh pipe.</param>
    /// <param name="eighth">The eighth pipe.</param>
    /// <param name="shortest">True to end with the shortest pipe; by default pipes of different lengths are an error.</param>
    public static Pipe<(T1, T2, T3, T4, T5, T6, T7, T8)> Zip<T1, T2, T3, T4, T5, T6, T7, T8>(Pipe<T1> first, Pipe<T2> second, Pipe<T3> third, Pipe<T4> fourth, Pipe<T5> fifth, Pipe<T6> sixth, Pipe<T7> seventh, Pipe<T8> eighth, bool shortest = false) =>
        new ZipPipe<(T1, T2, T3, T4, T5, T6, T7, T8)>([first, second, third, fourth, fifth, sixth, seventh, eighth], shortest, to =>
        {
            (ZipInput<T1> i1, ZipInput<T2> i2, ZipInput<T3> i3, ZipInput<T4> i4, ZipInput<T5> i5, ZipInput<T6> i6, ZipInput<T7> i7, ZipInput<T8> i8) = (to.Connect(first), to.Connect(second), to.Connect(third), to.Connect(fourth), to.Connect(fifth), to.Connect(sixth), to.Connect(seventh), to.Connect(eighth));
            return () => (i1.Current, i2.Current, i3.Current, i4.Current, i5.Current, i6.Current, i7.Current, i8.Current);
        });
}
