"""The help of the kernel's commands: options, kinds, and the conventions in which programs differ."""

from chuan.metrology.files import KINDS
from chuan.metrology.words import Text

_KINDS = ", ".join(KINDS)

METROLOGY = Text(
    """chuan metrology — phần tính toán đo lường, không cần cơ sở dữ liệu

  chuan compute TỆP.toml          tính một tệp đo (chuan compute --help)
  chuan metrology audit TỆP       phép đo có đạt xác suất phủ và rủi ro như nêu không
  chuan metrology check TỆP       tính lại một tệp bằng chứng, so từng bit, và bằng bộ tính thứ hai
  chuan metrology explain A [B]   một kết quả bằng lời; hai tệp: đầu vào nào làm chúng khác nhau
  chuan metrology model TỆP       mô hình như đã đọc: chữ thường, --mathml hoặc --typst
  chuan metrology plan TỆP        cần cải thiện đầu vào nào, đến đâu, để U ≤ mục tiêu (--target U)
  chuan metrology recompute TỆP…  tính lại bảng độ không đảm bảo của mọi kết quả đã lưu (thư mục, tệp .jsonl)
  chuan metrology validate        chạy mọi ví dụ đã công bố, lập báo cáo theo ISO/IEC 17025 7.11.2
""",
    """chuan metrology — the metrology kernel, which needs no database

  chuan compute FILE.toml         compute a measurement file (chuan compute --help)
  chuan metrology audit FILE      whether a measurement achieves the coverage and risk it claims
  chuan metrology check FILE      recompute a proof file, compare every bit, and by the second kernel
  chuan metrology explain A [B]   one result in words; two files: which inputs account for the difference
  chuan metrology model FILE      the model as it was read: plain text, --mathml or --typst
  chuan metrology plan FILE       which input must improve, and how far, for U ≤ target (--target U)
  chuan metrology recompute FILE… compute the budgets of all stored results anew (a folder, a .jsonl file)
  chuan metrology validate        run every published case, report for ISO/IEC 17025 7.11.2
""",
)

COMPUTE = Text(
    """chuan compute TỆP.toml [--json] [--method gum|monte-carlo|both] [--trials N] [--seed S] [--lang vi|en]
              [--proof RA]

Tính một tệp đo. Dòng kind = "…" trong tệp nói đó là loại nào:
  """
    + _KINDS
    + """

  --json          in đúng một văn bản JSON, số không làm tròn; không có thì in bảng để đọc
  --method        gum, monte-carlo hoặc both (mặc định both); phần không tính là null
  --trials N      đúng N lần thử (2…10⁸); không có thì tự dừng theo JCGM 101 7.9 (hai chữ số, khối 10⁴, nhiều nhất 10⁷)
  --seed S        số gieo (mặc định 1): cùng số gieo, cùng kết quả, dù bao nhiêu luồng
  --threads T     số luồng tính Monte Carlo (mặc định 1)
  --proof RA      ghi tệp bằng chứng: đầu vào, mô hình, phiên bản, kết quả và SHA-256, tính lại được đến từng bit
  --lang          vi (mặc định) hoặc en

Mã thoát: 0 đã tính; 2 tệp hoặc lệnh sai, một dòng lý do.

Quy ước (mỗi điều là chỗ các chương trình khác nhau):
  Student t       GUM dùng u như đã cho; Monte Carlo rút giá trị + u·t(ν) (JCGM 101 6.4.9).
                  scale = "standard_deviation" chia lại theo √((ν−2)/ν), cần ν > 2.
  observations    trung bình, s/√n, ν = n − 1; Monte Carlo rút t(n−1) quanh trung bình, thang s/√n.
                  cạnh resolution = bước: cái lớn hơn; cạnh repeatability = { standard_deviation, dof }: s_p/√n.
  implicit        [[measurand]] implicit = "f", start = giá trị đầu: nghiệm gần start của f(y, x) = 0 thay cho
                  equation; mọi measurand cùng giải một hệ, độ nhạy −C_y⁻¹·C_x (JCGM 102 6.3); không có bậc hai.
  thành phần sẵn  resolution = bước: R(±bước/2); hysteresis = hiệu: R(±hiệu/2); zero = z: R(±z);
                  repeatability = { observations = [[…], […]] | standard_deviation + dof, readings = n }: s_p/√n;
                  history = [{ date | day, value }…] với days | at: R(±tốc độ thay đổi lớn nhất × số ngày).
                  Đứng trong components, hoặc một mình trong [[input]] cạnh value.
  certificate     { points = [[x, giá trị, U]…], coverage_factor, at, correlation | covariance, nonlinearity }:
                  giá trị của chuẩn giữa hai điểm, tuyến tính, với hiệp phương sai của chúng.
  standard,       của ai: một chuẩn (hay phương tiện đo) dùng hai lần là một sai số, tự tương quan; cause = "…"
  instrument      tách các sai số của nó (mặc định "calibration"). Hệ số 0 nêu trái lại bị từ chối. Mỗi sai số là
                  một số hạng Welch–Satterthwaite. Độ phân giải và độ lặp lại của một instrument: chỉ tính một.
  [[simultaneous]] một khối: t nhiều chiều, ν = n − N; trong Welch–Satterthwaite là một số hạng gᵀCg với ν = n − 1.
  [[fit]]         symbols = [hệ số chặn ở origin, độ dốc] của đường qua x, y (u_y, u_x nếu biết) là đầu vào có hiệp
                  phương sai; không có u: một số hạng với ν = n − 2, t nhiều chiều; có u: ν vô hạn, chuẩn.
  normal có dof   là chuẩn trong Monte Carlo; ν chỉ dùng trong GUM.
  components      phương sai cộng lại; mỗi thành phần giữ ν riêng và là một số hạng Welch–Satterthwaite riêng.
  bậc tự do       ν_eff không làm tròn; k lấy ở phần nguyên của ν·(1 + 10⁻⁹), không dưới 1 (GUM G.4.1).
                  coverage = "t-real": không lấy phần nguyên; coverage = "k=2": k cho trước.
                  vô hạn = null. Tương quan nêu bằng hệ số, ν hữu hạn: "undefined", không có k và U.
  k cho trước     coverage_probability trong kết quả là của Student t ở ν_eff, không phải số trong tệp;
                  khoảng của Monte Carlo lấy cùng xác suất đó.
  tương quan      Monte Carlo rút chuẩn nhiều chiều; đầu vào không chuẩn: null, ghi chú "no-joint-distribution",
                  trừ khi joint = "gaussian-copula".
  mẫu số          đổi dấu ở hơn 0,1 % số lần rút mà kết quả vọt lên ở đó: bị từ chối, không có trung bình, phương sai.
  °C              số đọc theo °C chỉ nhân với hệ số ghi theo °C (1/°C); với kelvin thì viết (t + 273.15).
  khoảng          q = ⌊pM + ½⌋, r = ⌊(M − q)/2⌋, [y(r), y(r+q)]; luôn in cả khoảng đối xứng và khoảng ngắn nhất.
  bậc hai         u² = Σ f_i²u_i² + ΣΣ(½ f_ij² + f_i f_ijj) u_i²u_j², ước lượng f + ½ Σ f_ii u_i²;
                  null nếu có tương quan.
  bảng thành phần contribution = c_i·u_i có dấu; share = c_i u_i Σ_j c_j u_j r_ij / u²: tổng bằng 1, có thể âm.
  kiểm chứng      JCGM 101 mục 8: δ = 10^l/2 với u có hai chữ số; so với khoảng đối xứng;
                  null nếu đầu mút chưa chắc đến δ/5, hoặc δ không nhỏ so với khoảng. Không có --trials thì
                  thử tiếp đến δ/5 nếu số lần nhiều nhất cho phép.
  làm tròn        U hai chữ số: half_away (mặc định), up, hoặc ea (lên nếu làm tròn hạ U quá 5 %).
  line            covariance_xy = […] cạnh u_x, u_y; hoặc ma trận covariance_y, covariance_x (ISO/TS 28037 mục 8–10).
  interval        method = "A3" | "S2" | "variables" | "staircase": |error| + U ≤ within (0.8) của
                  maximum_permissible_error: days × lengthen; vượt quá: days × shorten (ILAC-G24 phương pháp 1).
  comparison      assigned_value = số | "weighted-mean" (không nhất quán thì từ chối) | "largest-consistent-subset";
                  kết quả nằm trong trung bình: ζ, En chia cho √(u² − u(trung bình)²) (Cox 2002).
""",
    """chuan compute FILE.toml [--json] [--method gum|monte-carlo|both] [--trials N] [--seed S] [--lang vi|en]
              [--proof OUT]

Compute a measurement file. Its line kind = "…" says what it is:
  """
    + _KINDS
    + """

  --json          print exactly one JSON document, numbers unrounded; without it a readable table
  --method        gum, monte-carlo or both (default both); parts not computed are null
  --trials N      exactly N draws (2…10⁸); without it adaptive by JCGM 101 7.9 (two digits, blocks of 10⁴, cap 10⁷)
  --seed S        default 1: the same seed gives the same result whatever the threads
  --threads T     threads for Monte Carlo (default 1)
  --proof OUT     write a proof file: inputs, model, versions, result and SHA-256, which recomputes bit for bit
  --lang          vi (default) or en

Exit status: 0 computed; 2 the file or the call is wrong, one line says why.

Conventions (each is a place where programs differ):
  Student t       the GUM uses u as given; Monte Carlo draws value + u·t(ν) (JCGM 101 6.4.9).
                  scale = "standard_deviation" rescales by √((ν−2)/ν), needs ν > 2.
  observations    mean, s/√n, ν = n − 1; Monte Carlo draws t(n−1) about the mean, scale s/√n.
                  beside resolution = step: the larger; beside repeatability = { standard_deviation, dof }: s_p/√n.
  implicit        [[measurand]] implicit = "f", start = first guess: the solution near start of f(y, x) = 0 in place
                  of equation; all measurands solve one system, sensitivities −C_y⁻¹·C_x (JCGM 102 6.3); no
                  second order.
  ready           resolution = step: R(±step/2); hysteresis = difference: R(±difference/2); zero = z: R(±z);
                  repeatability = { observations = [[…], […]] | standard_deviation + dof, readings = n }: s_p/√n;
                  history = [{ date | day, value }…] with days | at: R(±largest rate of change × days).
                  In components, or alone in an [[input]] beside its value.
  certificate     { points = [[x, value, U]…], coverage_factor, at, correlation | covariance, nonlinearity }:
                  a standard's value between two points, linearly, with their covariance.
  standard,       whose: one standard (or instrument) used twice is one error and correlates; cause = "…" tells its
  instrument      errors apart ("calibration" if not said). A coefficient of 0 against it is refused. Each error is
                  one Welch–Satterthwaite term. Of one instrument's resolution and repeatability only one counts.
  [[simultaneous]] one block: multivariate t, ν = n − N; one Welch–Satterthwaite term gᵀCg with ν = n − 1.
  [[fit]]         symbols = [intercept at origin, slope] of the line through x, y (u_y, u_x if known) are inputs with
                  their covariance; without u one term of ν = n − 2, multivariate t; with u ν infinite, normal.
  normal with dof is normal in Monte Carlo; ν counts in the GUM only.
  components      variances add; each keeps its own ν and is its own Welch–Satterthwaite term.
  dof             ν_eff is untruncated; k is taken at floor(ν·(1 + 10⁻⁹)), never below 1 (GUM G.4.1).
                  coverage = "t-real": not truncated; coverage = "k=2": k as given.
                  infinite = null. Correlation by a coefficient with finite ν: "undefined", no k and no U.
  k as given      the result's coverage_probability is that of Student's t at ν_eff, not the file's;
                  Monte Carlo's intervals take the same probability.
  correlation     Monte Carlo is jointly Gaussian; an input that is not normal: null, note "no-joint-distribution",
                  unless joint = "gaussian-copula".
  divisors        of two signs in more than 0.1 % of the draws, where the result runs away there: refused, for it
                  has neither mean nor variance.
  °C              a reading in °C multiplies only what is given per °C (1/°C); with kelvins write (t + 273.15).
  intervals       q = ⌊pM + ½⌋, r = ⌊(M − q)/2⌋, [y(r), y(r+q)]; the symmetric and the shortest are always given.
  second order    u² = Σ f_i²u_i² + ΣΣ(½ f_ij² + f_i f_ijj) u_i²u_j², estimate f + ½ Σ f_ii u_i²; null with correlation.
  budget          contribution = signed c_i·u_i; share = c_i u_i Σ_j c_j u_j r_ij / u²: sums to 1, may be negative.
  validation      JCGM 101 clause 8: δ = 10^l/2 with u to two digits, against the symmetric interval;
                  null where an end is not known to δ/5, or δ is not small beside the interval. Without --trials
                  the run goes on until δ/5, where the cap lets it.
  rounding        U to two digits: half_away (default), up, or ea (up where rounding would lower U by more than 5 %).
  line            covariance_xy = […] beside u_x, u_y; or matrices covariance_y, covariance_x (ISO/TS 28037 8–10).
  interval        method = "A3" | "S2" | "variables" | "staircase": |error| + U ≤ within (0.8) of the
                  maximum_permissible_error: days × lengthen; beyond it: days × shorten (ILAC-G24 method 1).
  comparison      assigned_value = number | "weighted-mean" (refused where not consistent) |
                  "largest-consistent-subset"; of a result in the mean ζ and En are over √(u² − u(mean)²) (Cox 2002).
""",
)
